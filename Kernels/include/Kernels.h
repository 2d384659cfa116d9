// The OpenCL C sources of this folder, embedded in the binary.
#ifndef INFLATON_KERNELS_H
#define INFLATON_KERNELS_H

/// One embedded file: its name and its NUL-terminated text.
typedef struct {
    const char *name;
    const char *text;
} InflatonKernelFile;

/// Number of embedded files.
int inflatonKernelFileCount(void);

/// The embedded file at `index`, which must be from 0 to the count less one.
InflatonKernelFile inflatonKernelFile(int index);

#endif
