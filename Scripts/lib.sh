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

# Collects in FOLDER what the built command BINARY needs on a Linux host of its glibc or a newer one with an OpenCL driver: the stripped
# binary inflaton.bin, the shared libraries, and the launcher inflaton. A BINARY that is such a launcher is copied with what is beside it.
# Usage: collect_command BINARY FOLDER
collect_command() {
    collected=$2
    original=$(readlink -f "$1")
    mkdir -p "$collected/lib" "$collected/fallback"
    if [ -f "$original.bin" ] && [ -d "$(dirname "$original")/lib" ]; then
        cp "$original" "$collected/inflaton"
        cp "$original.bin" "$collected/inflaton.bin"
        cp -R "$(dirname "$original")/lib/." "$collected/lib/"
        cp -R "$(dirname "$original")/fallback/." "$collected/fallback/"
        return 0
    fi
    strip -o "$collected/inflaton.bin" "$original"
    # Every library but glibc's own, which belong to the host's kernel and loader.
    ldd "$original" | awk '$2 == "=>" { print $1, $3 }' | while read -r name path; do
        case $name in
            libc.so.* | libm.so.* | libpthread* | libdl* | librt* | ld-linux*) continue ;;
        esac
        case $path in
            /*) ;;
            *) echo "$original needs $name, which this host has not" >&2 && return 1 ;;
        esac
        case $name in
            # The host's are newer where a driver needs them to be; ours are for hosts that have none.
            libstdc++.so.6 | libgcc_s.so.1) cp -L "$path" "$collected/fallback/$name" ;;
            *) cp -L "$path" "$collected/lib/$name" && strip --strip-unneeded "$collected/lib/$name" 2>/dev/null || true ;;
        esac
    done
    cat >"$collected/inflaton" <<'LAUNCHER'
#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
# A GPU's driver and its libraries the program finds by itself.
libraries="$here/lib"
found=$(ls /usr/lib/*/libstdc++.so.6 /usr/lib64/libstdc++.so.6 2>/dev/null || true)
[ -n "$found" ] || libraries="$libraries:$here/fallback"
export LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
exec "$here/inflaton.bin" "$@"
LAUNCHER
    chmod +x "$collected/inflaton" "$collected/inflaton.bin"
}
