/* Preloaded into a program: every Nth write, flush or truncation of a file whose name ends in .sqlite, -wal or -journal
   in STREAMSCOPE_FAILING_FOLDER fails. STREAMSCOPE_FAIL_EVERY is N, STREAMSCOPE_FAIL_WITH the errno, and writes fail
   only while the file STREAMSCOPE_FAIL_WHILE exists. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long calls;

static int ends(const char *path, const char *with) {
  size_t length = strlen(path), tail = strlen(with);
  return length >= tail && strcmp(path + length - tail, with) == 0;
}

static int fails(int fd) {
  const char *folder = getenv("STREAMSCOPE_FAILING_FOLDER");
  const char *every = getenv("STREAMSCOPE_FAIL_EVERY");
  const char *with = getenv("STREAMSCOPE_FAIL_WITH");
  const char *during = getenv("STREAMSCOPE_FAIL_WHILE");
  if (!folder || !every || !with || !during) return 0;
  char link[64], path[4200];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  if (strncmp(path, folder, strlen(folder)) != 0) return 0;
  if (!ends(path, ".sqlite") && !ends(path, "-wal") && !ends(path, "-journal")) return 0;
  if (strstr(path, "library.sqlite") || access(during, F_OK) != 0) return 0;
  if (atomic_fetch_add(&calls, 1) % atol(every) != atol(every) - 1) return 0;
  errno = atoi(with);
  return 1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, int64_t offset) {
  static ssize_t (*real)(int, const void *, size_t, int64_t);
  if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
  return fails(fd) ? -1 : real(fd, bytes, count, offset);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  static ssize_t (*real)(int, const void *, size_t);
  if (!real) real = dlsym(RTLD_NEXT, "write");
  return fd > 2 && fails(fd) ? -1 : real(fd, bytes, count);
}

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fsync");
  return fails(fd) ? -1 : real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
  return fails(fd) ? -1 : real(fd);
}

int ftruncate64(int fd, int64_t size) {
  static int (*real)(int, int64_t);
  if (!real) real = dlsym(RTLD_NEXT, "ftruncate64");
  return fails(fd) ? -1 : real(fd, size);
}
