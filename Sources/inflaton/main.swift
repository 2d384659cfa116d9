print("inflaton")
