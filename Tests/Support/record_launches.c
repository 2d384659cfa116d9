// Preloaded (LD_PRELOAD) before the OpenCL loader: writes down what a process asks of OpenCL and, where wanted, has its devices look like a
// GPU, so that what would be launched on one can be asserted where there is none.
//
//     clang -shared -fPIC -O1 record_launches.c -o record_launches.so
//
// Variables:
//   RECORDER_FOLDER     where record.jsonl is written, and every program's source as program-N.cl; has to be there
//   RECORDER_GPU_UNITS  every device says that it is a GPU of so many multiprocessors, with what an NVIDIA device says of its local
//                       memory, group size and preferred vectors; its name, memory and precisions stay
//   RECORDER_SKIPS      any value: nothing is launched, and memory is zero from the start. What is computed is worthless, and the record
//                       of a long job takes seconds, as drivers that compile at the first launch compile nothing. A GPU then also says
//                       that it has NVIDIA's compute capability 9.0, whose instructions no CPU's compiler is given
//
// A line of the record is one JSON object; `event` says which. Numbers count all lines of a process from 0.
//   program   {number, event, program, options}                     a build; `program` counts the sources from 0
//   launch    {number, event, kernel, program, global, local, arguments}
//             an argument is {name, bytes, bits} by value (bits: the first 8 bytes, little endian), {name, bytes, buffer} for memory of
//             so many bytes, `buffer` counting those made, or {name, bytes} for local memory and for no buffer
//   transfer  {number, event, call, bytes}                           between host and device, or on the device
//   wait      {number, event, call}                                  the host waits until the device has done what it was given
// A blocking transfer is a transfer and then a wait.
#define _GNU_SOURCE
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <CL/cl_ext.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

typedef struct {
    char name[48];
    size_t bytes;
    uint64_t bits;
    long buffer;  // -1 for none
    int isLocal;
} Argument;

// What is known of a program (number), a kernel (all) or a buffer (number, bytes).
typedef struct Object {
    struct Object *next;
    const void *handle;
    long number;
    size_t bytes;
    char name[64];
    unsigned argumentCount;
    Argument *arguments;
} Object;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Object *objects[4096];
static long lines, programs, buffers;
static int file = -1;

static Object **place(const void *handle) { return &objects[((uintptr_t)handle >> 4) % 4096]; }

static Object *find(const void *handle) {
    for (Object *object = *place(handle); object; object = object->next)
        if (object->handle == handle) return object;
    return NULL;
}

// A driver may use the address of what was released again: the newest of a handle is found first, and nothing is ever forgotten.
static Object *add(const void *handle, long number, size_t bytes) {
    Object *object = calloc(1, sizeof *object), **bucket = place(handle);
    *object = (Object){.next = *bucket, .handle = handle, .number = number, .bytes = bytes};
    return *bucket = object;
}

typedef struct {
    char *text;
    size_t length, capacity;
} Text;

static void append(Text *text, const char *format, ...) {
    char piece[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof piece) length = sizeof piece - 1;
    if (text->length + length + 1 > text->capacity) text->text = realloc(text->text, text->capacity = 2 * text->capacity + length + 1024);
    memcpy(text->text + text->length, piece, length + 1);
    text->length += length;
}

static void appendString(Text *text, const char *string) {
    append(text, "\"");
    for (; *string; string++) {
        if (*string == '"' || *string == '\\') append(text, "\\%c", *string);
        else if ((unsigned char)*string < 32) append(text, "\\u%04x", *string);
        else append(text, "%c", *string);
    }
    append(text, "\"");
}

static void appendSizes(Text *text, const char *name, cl_uint count, const size_t *sizes) {
    append(text, ",\"%s\":[", name);
    for (cl_uint i = 0; sizes && i < count; i++) append(text, i ? ",%zu" : "%zu", sizes[i]);
    append(text, "]");
}

// A line, without its end, under the lock; a process that is killed leaves whole lines.
static Text begin(const char *event) {
    pthread_mutex_lock(&lock);
    Text line = {0};
    append(&line, "{\"number\":%ld,\"event\":\"%s\"", lines++, event);
    return line;
}

static void end(Text *line) {
    append(line, "}\n");
    const char *folder = getenv("RECORDER_FOLDER");
    if (file < 0 && folder) {
        char path[4096];
        snprintf(path, sizeof path, "%s/record.jsonl", folder);
        file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (file < 0) perror(path), abort();
    }
    if (file >= 0 && write(file, line->text, line->length) != (ssize_t)line->length) perror("record.jsonl"), abort();
    free(line->text);
    pthread_mutex_unlock(&lock);
}

static void recordWait(const char *call) {
    Text line = begin("wait");
    append(&line, ",\"call\":\"%s\"", call);
    end(&line);
}

static void recordTransfer(const char *call, size_t bytes, cl_bool isBlocking) {
    Text line = begin("transfer");
    append(&line, ",\"call\":\"%s\",\"bytes\":%zu", call, bytes);
    end(&line);
    if (isBlocking) recordWait(call);
}

static int skips(void) { return getenv("RECORDER_SKIPS") != NULL; }

// Devices

static cl_int answer(const void *value, size_t size, size_t capacity, void *target, size_t *length) {
    if (length) *length = size;
    if (target && capacity < size) return CL_INVALID_VALUE;
    if (target) memcpy(target, value, size);
    return CL_SUCCESS;
}
#define ANSWER(type, value) return answer(&(type){value}, sizeof(type), capacity, target, length)

cl_int clGetDeviceInfo(cl_device_id device, cl_device_info what, size_t capacity, void *target, size_t *length) {
    REAL(clGetDeviceInfo);
    const char *units = getenv("RECORDER_GPU_UNITS");
    if (units) switch (what) {
        case CL_DEVICE_TYPE: ANSWER(cl_device_type, CL_DEVICE_TYPE_GPU);
        case CL_DEVICE_MAX_COMPUTE_UNITS: ANSWER(cl_uint, (cl_uint)atoi(units));
        case CL_DEVICE_LOCAL_MEM_SIZE: ANSWER(cl_ulong, 48 << 10);
        case CL_DEVICE_MAX_WORK_GROUP_SIZE: ANSWER(size_t, 1024);
        case CL_DEVICE_PREFERRED_VECTOR_WIDTH_FLOAT: ANSWER(cl_uint, 1);
        case CL_DEVICE_COMPUTE_CAPABILITY_MAJOR_NV:
            if (skips()) ANSWER(cl_uint, 9);
            break;
        case CL_DEVICE_EXTENSIONS: {
            if (!skips()) break;
            char text[16384] = "cl_nv_device_attribute_query ";
            size_t used = strlen(text);
            cl_int status = real(device, what, sizeof text - used, text + used, NULL);
            return status == CL_SUCCESS ? answer(text, strlen(text) + 1, capacity, target, length) : status;
        }
        case CL_DEVICE_PREFERRED_VECTOR_WIDTH_DOUBLE: {
            cl_uint width = 0;
            cl_int status = real(device, what, sizeof width, &width, NULL);
            if (status != CL_SUCCESS) return status;
            ANSWER(cl_uint, width > 0);
        }
    }
    return real(device, what, capacity, target, length);
}

// Programs and kernels

cl_program clCreateProgramWithSource(cl_context context, cl_uint count, const char **texts, const size_t *lengths, cl_int *status) {
    REAL(clCreateProgramWithSource);
    cl_program program = real(context, count, texts, lengths, status);
    if (!program) return program;
    pthread_mutex_lock(&lock);
    long number = programs++;
    add(program, number, 0);
    const char *folder = getenv("RECORDER_FOLDER");
    if (folder) {
        char path[4096];
        snprintf(path, sizeof path, "%s/program-%ld.cl", folder, number);
        FILE *source = fopen(path, "w");
        if (!source) perror(path), abort();
        for (cl_uint i = 0; i < count; i++)
            fwrite(texts[i], 1, lengths && lengths[i] ? lengths[i] : strlen(texts[i]), source);
        fclose(source);
    }
    pthread_mutex_unlock(&lock);
    return program;
}

cl_int clBuildProgram(
    cl_program program, cl_uint count, const cl_device_id *devices, const char *options,
    void(CL_CALLBACK *notify)(cl_program, void *), void *data) {
    REAL(clBuildProgram);
    Text line = begin("program");
    Object *known = find(program);
    append(&line, ",\"program\":%ld,\"options\":", known ? known->number : -1);
    appendString(&line, options ? options : "");
    end(&line);
    return real(program, count, devices, options, notify, data);
}

cl_kernel clCreateKernel(cl_program program, const char *name, cl_int *status) {
    REAL(clCreateKernel);
    cl_kernel kernel = real(program, name, status);
    if (!kernel) return kernel;
    cl_uint count = 0;
    clGetKernelInfo(kernel, CL_KERNEL_NUM_ARGS, sizeof count, &count, NULL);
    pthread_mutex_lock(&lock);
    Object *from = find(program), *object = add(kernel, from ? from->number : -1, 0);
    snprintf(object->name, sizeof object->name, "%s", name);
    object->argumentCount = count;
    object->arguments = calloc(count ? count : 1, sizeof(Argument));
    for (cl_uint i = 0; i < count; i++) {
        char *name = object->arguments[i].name;
        object->arguments[i].buffer = -1;
        // Without -cl-kernel-arg-info the name stays empty.
        if (clGetKernelArgInfo(kernel, i, CL_KERNEL_ARG_NAME, sizeof object->arguments[i].name, name, NULL)) name[0] = 0;
        // PoCL renames the parameters that are named as a built-in function is.
        if (!strncmp(name, "_cl_", 4)) memmove(name, name + 4, strlen(name + 4) + 1);
    }
    pthread_mutex_unlock(&lock);
    return kernel;
}

cl_int clSetKernelArg(cl_kernel kernel, cl_uint index, size_t size, const void *value) {
    REAL(clSetKernelArg);
    pthread_mutex_lock(&lock);
    Object *object = find(kernel);
    if (object && index < object->argumentCount) {
        Argument *argument = &object->arguments[index];
        argument->bytes = size;
        argument->bits = 0;
        argument->buffer = -1;
        argument->isLocal = value == NULL;
        if (value) memcpy(&argument->bits, value, size < 8 ? size : 8);
        Object *buffer = value && size == sizeof(cl_mem) ? find(*(void *const *)value) : NULL;
        if (buffer) argument->buffer = buffer->number, argument->bytes = buffer->bytes;
    }
    pthread_mutex_unlock(&lock);
    return real(kernel, index, size, value);
}

cl_int clEnqueueNDRangeKernel(
    cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t *offset, const size_t *global, const size_t *local,
    cl_uint count, const cl_event *before, cl_event *event) {
    REAL(clEnqueueNDRangeKernel);
    Text line = begin("launch");
    Object *object = find(kernel);
    append(&line, ",\"kernel\":\"%s\",\"program\":%ld", object ? object->name : "", object ? object->number : -1);
    appendSizes(&line, "global", dimensions, global);
    appendSizes(&line, "local", dimensions, local);
    append(&line, ",\"arguments\":[");
    for (unsigned i = 0; object && i < object->argumentCount; i++) {
        Argument *argument = &object->arguments[i];
        append(&line, "%s{\"name\":\"%s\",\"bytes\":%zu", i ? "," : "", argument->name, argument->bytes);
        if (argument->buffer >= 0) append(&line, ",\"buffer\":%ld", argument->buffer);
        else if (!argument->isLocal) append(&line, ",\"bits\":%llu", (unsigned long long)argument->bits);
        append(&line, "}");
    }
    append(&line, "]");
    end(&line);
    if (skips()) return clEnqueueMarkerWithWaitList(queue, count, before, event);
    return real(queue, kernel, dimensions, offset, global, local, count, before, event);
}

// Memory

cl_mem clCreateBuffer(cl_context context, cl_mem_flags flags, size_t bytes, void *host, cl_int *status) {
    REAL(clCreateBuffer);
    void *zeros = skips() && !host ? calloc(1, bytes) : NULL;
    cl_mem buffer = real(context, zeros ? flags | CL_MEM_COPY_HOST_PTR : flags, bytes, zeros ? zeros : host, status);
    free(zeros);
    pthread_mutex_lock(&lock);
    if (buffer) add(buffer, buffers++, bytes);
    pthread_mutex_unlock(&lock);
    return buffer;
}

cl_int clEnqueueReadBuffer(
    cl_command_queue queue, cl_mem buffer, cl_bool isBlocking, size_t offset, size_t bytes, void *target, cl_uint count,
    const cl_event *before, cl_event *event) {
    REAL(clEnqueueReadBuffer);
    recordTransfer("clEnqueueReadBuffer", bytes, isBlocking);
    return real(queue, buffer, isBlocking, offset, bytes, target, count, before, event);
}

cl_int clEnqueueWriteBuffer(
    cl_command_queue queue, cl_mem buffer, cl_bool isBlocking, size_t offset, size_t bytes, const void *source, cl_uint count,
    const cl_event *before, cl_event *event) {
    REAL(clEnqueueWriteBuffer);
    recordTransfer("clEnqueueWriteBuffer", bytes, isBlocking);
    return real(queue, buffer, isBlocking, offset, bytes, source, count, before, event);
}

cl_int clEnqueueCopyBuffer(
    cl_command_queue queue, cl_mem from, cl_mem to, size_t start, size_t offset, size_t bytes, cl_uint count, const cl_event *before,
    cl_event *event) {
    REAL(clEnqueueCopyBuffer);
    recordTransfer("clEnqueueCopyBuffer", bytes, CL_FALSE);
    return real(queue, from, to, start, offset, bytes, count, before, event);
}

cl_int clEnqueueFillBuffer(
    cl_command_queue queue, cl_mem buffer, const void *pattern, size_t length, size_t offset, size_t bytes, cl_uint count,
    const cl_event *before, cl_event *event) {
    REAL(clEnqueueFillBuffer);
    recordTransfer("clEnqueueFillBuffer", bytes, CL_FALSE);
    return real(queue, buffer, pattern, length, offset, bytes, count, before, event);
}

void *clEnqueueMapBuffer(
    cl_command_queue queue, cl_mem buffer, cl_bool isBlocking, cl_map_flags flags, size_t offset, size_t bytes, cl_uint count,
    const cl_event *before, cl_event *event, cl_int *status) {
    REAL(clEnqueueMapBuffer);
    recordTransfer("clEnqueueMapBuffer", bytes, isBlocking);
    return real(queue, buffer, isBlocking, flags, offset, bytes, count, before, event, status);
}

// Waits

cl_int clFinish(cl_command_queue queue) {
    REAL(clFinish);
    recordWait("clFinish");
    return real(queue);
}

cl_int clWaitForEvents(cl_uint count, const cl_event *events) {
    REAL(clWaitForEvents);
    recordWait("clWaitForEvents");
    return real(count, events);
}
