/* Preloaded into a program: notes every change that it makes to files of one folder, in order, in one trace file.
   STREAMSCOPE_TRACED_FOLDER names the folder, STREAMSCOPE_TRACE the file. Built and read by the power-cut tests. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static char folder[4096];
static size_t folder_length;

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, name)

static ssize_t real_write(int fd, const void *bytes, size_t count) {
  REAL(ssize_t, "write", int, const void *, size_t);
  return real(fd, bytes, count);
}

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("STREAMSCOPE_TRACE");
  const char *where = getenv("STREAMSCOPE_TRACED_FOLDER");
  if (!name || !where) return;
  snprintf(folder, sizeof folder, "%s", where);
  folder_length = strlen(folder);
  REAL(int, "open", const char *, int, ...);
  trace = real(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int concerned(const char *path) {
  return trace >= 0 && strncmp(path, folder, folder_length) == 0 &&
         (path[folder_length] == '/' || path[folder_length] == 0);
}

static int path_of(int fd, char *path, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, size - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return concerned(path);
}

static const char *name_of(const char *path) {
  return path[folder_length] == 0 ? "." : path + folder_length + 1;
}

/* One line: kind, offset, count of bytes that follow it, name, second name. The caller holds the lock. */
static void note(char kind, int64_t offset, const void *bytes, size_t count, const char *name, const char *other) {
  char line[9000];
  int length = snprintf(line, sizeof line, "%c %lld %zu %s %s\n", kind, (long long)offset, count, name, other);
  real_write(trace, line, (size_t)length);
  size_t done = 0;
  while (done < count) {
    ssize_t more = real_write(trace, (const char *)bytes + done, count - done);
    if (more <= 0) abort();
    done += (size_t)more;
  }
}

static ssize_t noted_pwrite(int fd, const void *bytes, size_t count, int64_t offset) {
  static ssize_t (*real)(int, const void *, size_t, int64_t);
  if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
  char path[4200];
  if (!path_of(fd, path, sizeof path)) return real(fd, bytes, count, offset);
  pthread_mutex_lock(&lock);
  ssize_t done = real(fd, bytes, count, offset);
  if (done > 0) note('W', offset, bytes, (size_t)done, name_of(path), "-");
  pthread_mutex_unlock(&lock);
  return done;
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, int64_t offset) { return noted_pwrite(fd, bytes, count, offset); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return noted_pwrite(fd, bytes, count, offset); }

ssize_t write(int fd, const void *bytes, size_t count) {
  char path[4200];
  if (fd <= 2 || !path_of(fd, path, sizeof path)) return real_write(fd, bytes, count);
  pthread_mutex_lock(&lock);
  off_t offset = lseek(fd, 0, (fcntl(fd, F_GETFL) & O_APPEND) ? SEEK_END : SEEK_CUR);
  ssize_t done = real_write(fd, bytes, count);
  if (done > 0) note('W', offset, bytes, (size_t)done, name_of(path), "-");
  pthread_mutex_unlock(&lock);
  return done;
}

static int noted_sync(const char *which, int fd) {
  int (*real)(int) = dlsym(RTLD_NEXT, which);
  char path[4200];
  if (!path_of(fd, path, sizeof path)) return real(fd);
  /* Before the call: what is written while it runs is not known to be flushed by it. */
  pthread_mutex_lock(&lock);
  note('B', fd, NULL, 0, name_of(path), "-");
  pthread_mutex_unlock(&lock);
  int result = real(fd);
  pthread_mutex_lock(&lock);
  if (result == 0) note('S', fd, NULL, 0, name_of(path), "-");
  pthread_mutex_unlock(&lock);
  return result;
}
int fsync(int fd) { return noted_sync("fsync", fd); }
int fdatasync(int fd) { return noted_sync("fdatasync", fd); }

static int noted_truncate(int fd, int64_t size) {
  static int (*real)(int, int64_t);
  if (!real) real = dlsym(RTLD_NEXT, "ftruncate64");
  char path[4200];
  if (!path_of(fd, path, sizeof path)) return real(fd, size);
  pthread_mutex_lock(&lock);
  int result = real(fd, size);
  if (result == 0) note('T', size, NULL, 0, name_of(path), "-");
  pthread_mutex_unlock(&lock);
  return result;
}
int ftruncate64(int fd, int64_t size) { return noted_truncate(fd, size); }
int ftruncate(int fd, off_t size) { return noted_truncate(fd, size); }

static int noted_open(const char *which, const char *path, int flags, mode_t mode) {
  int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, which);
  if (!concerned(path) || !(flags & (O_CREAT | O_TRUNC))) return real(path, flags, mode);
  pthread_mutex_lock(&lock);
  struct stat found;
  int existed = stat(path, &found) == 0;
  int fd = real(path, flags, mode);
  if (fd >= 0 && !existed) note('C', 0, NULL, 0, name_of(path), "-");
  else if (fd >= 0 && (flags & O_TRUNC)) note('T', 0, NULL, 0, name_of(path), "-");
  pthread_mutex_unlock(&lock);
  return fd;
}
static mode_t mode_from(int flags, va_list arguments) { return flags & O_CREAT ? va_arg(arguments, mode_t) : 0; }
int open(const char *path, int flags, ...) {
  va_list arguments; va_start(arguments, flags);
  mode_t mode = mode_from(flags, arguments);
  va_end(arguments);
  return noted_open("open", path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  va_list arguments; va_start(arguments, flags);
  mode_t mode = mode_from(flags, arguments);
  va_end(arguments);
  return noted_open("open64", path, flags, mode);
}

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  if (!concerned(from)) return real(from, to);
  pthread_mutex_lock(&lock);
  int result = real(from, to);
  if (result == 0) note('R', 0, NULL, 0, name_of(from), name_of(to));
  pthread_mutex_unlock(&lock);
  return result;
}
int unlink(const char *path) {
  REAL(int, "unlink", const char *);
  if (!concerned(path)) return real(path);
  pthread_mutex_lock(&lock);
  int result = real(path);
  if (result == 0) note('U', 0, NULL, 0, name_of(path), "-");
  pthread_mutex_unlock(&lock);
  return result;
}
