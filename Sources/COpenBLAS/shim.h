// The LAPACK and BLAS routines that are used, declared here because LAPACKE drags in four more libraries.
// The last two arguments are the lengths of the two character arguments, which Fortran compilers append: leaving
// them out lets the routine overwrite the caller's stack.
#include <stddef.h>
#include <stdint.h>

void dsyevd_(const char *jobz, const char *uplo, const int32_t *n, double *a, const int32_t *lda, double *w,
             double *work, const int32_t *lwork, int32_t *iwork, const int32_t *liwork, int32_t *info,
             size_t jobzLength, size_t uploLength);

void dstevr_(const char *jobz, const char *range, const int32_t *n, double *d, double *e, const double *vl, const double *vu,
             const int32_t *il, const int32_t *iu, const double *abstol, int32_t *m, double *w, double *z, const int32_t *ldz,
             int32_t *isuppz, double *work, const int32_t *lwork, int32_t *iwork, const int32_t *liwork, int32_t *info,
             size_t jobzLength, size_t rangeLength);

void dgemm_(const char *transa, const char *transb, const int32_t *m, const int32_t *n, const int32_t *k, const double *alpha,
            const double *a, const int32_t *lda, const double *b, const int32_t *ldb, const double *beta, double *c, const int32_t *ldc,
            size_t transaLength, size_t transbLength);

// The most threads that the routines use.
void openblas_set_num_threads(int count);
int openblas_get_num_threads(void);
