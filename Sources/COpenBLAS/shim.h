// The one LAPACK routine that is used, declared here because LAPACKE drags in four more libraries.
// The last two arguments are the lengths of the two character arguments, which Fortran compilers append: leaving
// them out lets the routine overwrite the caller's stack.
#include <stddef.h>
#include <stdint.h>

void dsyevd_(const char *jobz, const char *uplo, const int32_t *n, double *a, const int32_t *lda, double *w,
             double *work, const int32_t *lwork, int32_t *iwork, const int32_t *liwork, int32_t *info,
             size_t jobzLength, size_t uploLength);

// The most threads that the routines use.
void openblas_set_num_threads(int count);
int openblas_get_num_threads(void);
