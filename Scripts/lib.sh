# Shared by the other scripts: sourced, not run.

# What building and running need: the OpenCL loader and a driver for the CPU, LAPACK, zip archives, SHA-256, SQLite, PNG figures and
# their font.
BUILD_PACKAGES="pkg-config ocl-icd-opencl-dev opencl-headers pocl-opencl-icd libopenblas-dev libzip-dev libssl-dev libsqlite3-dev librsvg2-bin fonts-dejavu-core"

# What the tests use beside them: a browser for the report, a Slurm for job arrays, and a simulator that watches the kernels.
TEST_PACKAGES="chromium slurm-wlm munge oclgrind"

# Installs those of the given Debian packages that are missing.
install_packages() {
    missing=""
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
    done
    [ -z "$missing" ] && return 0
    echo "installing:$missing"
    if [ "$(id -u)" -eq 0 ]; then elevate=""; else elevate="sudo"; fi
    $elevate apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    $elevate env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
