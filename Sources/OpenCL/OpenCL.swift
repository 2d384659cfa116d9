// A thin safe Swift face on OpenCL. Knows no physics.
