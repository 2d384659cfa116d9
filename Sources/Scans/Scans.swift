// How runs become batches, and batches results.
