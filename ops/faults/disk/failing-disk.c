/*
 * A disk that fails and forgets, for one process: loaded before the C library (LD_PRELOAD), it stands between the
 * process and the files of one folder. Linux, 64 bits. What it is told by the environment:
 *
 *   FAILING_DISK_FOLDER    the folder, as an absolute path without links; every other file is left alone
 *   FAILING_DISK_CONTROL   a file of CONTROL_BYTES that says which call fails, see `struct control`; may be absent
 *   FAILING_DISK_JOURNAL   a folder on the same file system, in which it keeps what a power cut takes back; may be absent
 *   FAILING_DISK_SYNC_US   microseconds that a sync takes
 *
 * The journal holds one file for each file of the folder that has unsynced changes, named by its inode, with what was
 * there before each change; and `names`, a line for each name that was made, removed or changed. A record is written
 * before its change is made and goes when the sync of that file has come to its end, so a process may be killed between
 * any two lines of this. `power-cut.ts` plays it backwards.
 *
 * The real disk is never synced: after a kill, and a kill is all that happens, the kernel still has everything.
 * Shared memory of SQLite (-shm) is not worth a record: it is made anew whenever a database is opened first.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096
#define CONTROL_BYTES 128
enum { WRITE = 1, SYNC = 2, TRUNCATE = 4 };

/* Shared with the test, which writes it into the file. */
struct control {
  int32_t kinds;   /* which calls may fail: a sum of the above; 0 for none */
  int32_t error;   /* errno that they fail with */
  int32_t after;   /* how many matching calls still succeed */
  int32_t times;   /* how many then fail */
  int32_t calls;   /* counted here: matching calls */
  int32_t failed;  /* counted here: those that failed */
  char name[64];   /* of the files that it is about, as a shell matches it */
};

/* Precedes the old bytes of a change. All of it in the byte order of the machine. */
struct record {
  uint32_t kind;   /* 'W' bytes changed, from a whole page on; 'S' what came before is on the disk; 'F' it is not */
  uint32_t length; /* bytes that follow */
  uint64_t offset;
  uint64_t end;    /* of the change, which may lie beyond the end of the file */
  uint64_t size;   /* of the file, before */
};

/* A file with changes. Its lock is held for the length of a sync, so that none of its writes falls into one. */
struct file {
  ino_t inode;
  int journal;
  int keeps; /* what is synced stays in the journal: a sync failed before, and what that left out still counts */
  pthread_mutex_t lock;
};

static const char *folder, *journal;
static size_t folder_length;
static long sync_time;
static struct control *control;
static struct file files[512];
static int known;
static int names = -1;
static unsigned removed;
static pthread_mutex_t all = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static ssize_t real_write(int fd, const void *bytes, size_t length) { REAL(write); return real(fd, bytes, length); }
static ssize_t real_pwrite(int fd, const void *bytes, size_t length, off_t at) { REAL(pwrite64); return real(fd, bytes, length, at); }
static int real_truncate(int fd, off_t size) { REAL(ftruncate64); return real(fd, size); }
static int real_open(const char *path, int flags, mode_t mode) { REAL(open64); return real(path, flags, mode); }

static void die(const char *what) {
  dprintf(2, "failing-disk: %s: %s\n", what, strerror(errno));
  abort();
}

__attribute__((constructor)) static void start(void) {
  folder = getenv("FAILING_DISK_FOLDER");
  journal = getenv("FAILING_DISK_JOURNAL");
  const char *file = getenv("FAILING_DISK_CONTROL"), *time = getenv("FAILING_DISK_SYNC_US");
  folder_length = folder ? strlen(folder) : 0;
  sync_time = time ? atol(time) : 0;
  if (!file) return;
  int fd = real_open(file, O_RDWR | O_CLOEXEC, 0);
  if (fd < 0) die(file);
  control = mmap(NULL, CONTROL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (control == MAP_FAILED) die("mmap");
  close(fd);
}

/* ---- which files --------------------------------------------------------------------------------------------- */

/* The name within the folder of a path, or NULL when it is not ours. The folder itself has the empty name. */
static const char *named(const char *path) {
  if (!folder || strncmp(path, folder, folder_length) != 0) return NULL;
  if (path[folder_length] == 0) return path + folder_length;
  if (path[folder_length] != '/') return NULL;
  const char *name = path + folder_length + 1;
  size_t length = strlen(name);
  return length > 4 && strcmp(name + length - 4, "-shm") == 0 ? NULL : name;
}

/* The same of an open file. Asked each time: descriptors are given anew, and it costs two calls. */
static const char *opened(int fd, struct stat *is, char path[PATH_MAX]) {
  char link[32];
  if (!folder || fstat(fd, is) != 0 || !(S_ISREG(is->st_mode) || S_ISDIR(is->st_mode))) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return NULL;
  path[length] = 0;
  /* It has no name any more, so nobody will find it after a power cut. */
  return is->st_nlink == 0 || strstr(path, " (deleted)") ? NULL : named(path);
}

/* ---- calls that fail ----------------------------------------------------------------------------------------- */

/* The errno that this call is to fail with; 0 when it is to succeed. */
static int fault(int kind, const char *name) {
  int error = 0;
  if (!control) return 0;
  pthread_mutex_lock(&all);
  if ((control->kinds & kind) && fnmatch(control->name, name, 0) == 0) {
    control->calls++;
    if (control->after > 0) control->after--;
    else if (control->times > 0) {
      control->times--;
      control->failed++;
      error = control->error;
    }
  }
  pthread_mutex_unlock(&all);
  return error;
}

/* ---- what a power cut takes back ------------------------------------------------------------------------------ */

static void append(int fd, const void *bytes, size_t length) {
  if (real_write(fd, bytes, length) != (ssize_t)length) die("the journal cannot be written");
}

static struct file *file_of(ino_t inode) {
  char path[PATH_MAX];
  pthread_mutex_lock(&all);
  int at = 0;
  while (at < known && files[at].inode != inode) at++;
  if (at == known) {
    if (known == sizeof files / sizeof *files) die("too many files");
    struct file *file = &files[known];
    snprintf(path, sizeof path, "%s/%lu", journal, (unsigned long)inode);
    file->inode = inode;
    file->journal = real_open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file->journal < 0) die(path);
    file->keeps = lseek(file->journal, 0, SEEK_END) > 0;
    pthread_mutex_init(&file->lock, NULL);
    known++;
  }
  pthread_mutex_unlock(&all);
  return &files[at];
}

/* Keeps the old bytes of every page from `from` to `to`, as far as there are any. The file is locked. */
static void keep(struct file *file, int fd, const char *path, off_t from, off_t to) {
  struct stat is;
  if (fstat(fd, &is) != 0) die("fstat");
  off_t first = from / PAGE * PAGE, end = (to + PAGE - 1) / PAGE * PAGE;
  if (end > is.st_size) end = is.st_size; /* there are no bytes behind it */
  size_t length = end > first ? end - first : 0;
  struct record head = {'W', length, first, to, is.st_size};
  char *whole = malloc(sizeof head + length);
  if (!whole) die("malloc");
  memcpy(whole, &head, sizeof head);
  if (length > 0 && pread(fd, whole + sizeof head, length, first) < 0) {
    /* Opened for writing only, so not by SQLite: closing another descriptor would take away the locks of its process. */
    int reading = real_open(path, O_RDONLY | O_CLOEXEC, 0);
    if (reading < 0 || pread(reading, whole + sizeof head, length, first) < 0) die(path);
    close(reading);
  }
  append(file->journal, whole, sizeof head + length);
  free(whole);
}

/* `to` is the second name of a renaming, `aside` what the journal calls the file that lost its name. */
static void name_changed(const char *change, const char *path, const char *to, const char *aside) {
  char line[4 * PATH_MAX];
  int length = snprintf(line, sizeof line, "%s\t%s\t%s\t%s\n", change, path, to, aside);
  pthread_mutex_lock(&all);
  if (names < 0) {
    char file[PATH_MAX];
    snprintf(file, sizeof file, "%s/names", journal);
    names = real_open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (names < 0) die(file);
  }
  append(names, line, length);
  pthread_mutex_unlock(&all);
}

/* Gives a file that is about to lose its name another one in the journal. Keeps its inode from being given anew, too. */
static void keep_name(const char *path, char aside[PATH_MAX]) {
  pthread_mutex_lock(&all);
  snprintf(aside, PATH_MAX, "%s/removed-%d-%u", journal, getpid(), removed++);
  pthread_mutex_unlock(&all);
  if (link(path, aside) != 0) die(path);
}

/* ---- the calls ------------------------------------------------------------------------------------------------ */

static int failed(int error) {
  errno = error;
  return -1;
}

/* A write at `at`, or where the file stands when that is negative. One that fails is torn: the first half of it is there. */
static ssize_t put(int fd, const void *bytes, size_t length, off_t at) {
  struct stat is;
  char path[PATH_MAX];
  const char *name = opened(fd, &is, path);
  if (!name || !S_ISREG(is.st_mode)) return at < 0 ? real_write(fd, bytes, length) : real_pwrite(fd, bytes, length, at);
  int error = fault(WRITE, name);
  size_t most = error ? length / 2 : length;
  struct file *file = journal ? file_of(is.st_ino) : NULL;
  if (file) {
    pthread_mutex_lock(&file->lock);
    off_t from = at;
    if (from < 0 && fcntl(fd, F_GETFL) & O_APPEND) from = fstat(fd, &is) == 0 ? is.st_size : 0;
    if (from < 0) from = lseek(fd, 0, SEEK_CUR);
    keep(file, fd, path, from, from + most);
  }
  ssize_t done = at < 0 ? real_write(fd, bytes, most) : real_pwrite(fd, bytes, most, at);
  int why = errno;
  if (file) pthread_mutex_unlock(&file->lock);
  return error || done < 0 ? failed(error ? error : why) : done;
}

static ssize_t put_all(int fd, const struct iovec *parts, int count, off_t at) {
  ssize_t done = 0;
  for (int part = 0; part < count; part++) {
    ssize_t one = put(fd, parts[part].iov_base, parts[part].iov_len, at < 0 ? at : at + done);
    if (one < 0) return done > 0 ? done : one;
    done += one;
    if (one < (ssize_t)parts[part].iov_len) break;
  }
  return done;
}

ssize_t write(int fd, const void *bytes, size_t length) { return put(fd, bytes, length, -1); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) { return put(fd, bytes, length, at); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return put(fd, bytes, length, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t at) { return put_all(fd, parts, count, at); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  struct stat is;
  char path[PATH_MAX];
  REAL(writev);
  return opened(fd, &is, path) ? put_all(fd, parts, count, -1) : real(fd, parts, count);
}

int ftruncate64(int fd, off_t size) {
  struct stat is;
  char path[PATH_MAX];
  const char *name = opened(fd, &is, path);
  if (!name) return real_truncate(fd, size);
  int error = fault(TRUNCATE, name);
  if (error) return failed(error);
  if (!journal || is.st_size == size) return real_truncate(fd, size);
  struct file *file = file_of(is.st_ino);
  pthread_mutex_lock(&file->lock);
  keep(file, fd, path, size < is.st_size ? size : is.st_size, is.st_size);
  int done = real_truncate(fd, size), why = errno;
  pthread_mutex_unlock(&file->lock);
  return done == 0 ? 0 : failed(why);
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fsync(int fd) {
  struct stat is;
  char path[PATH_MAX];
  const char *name = opened(fd, &is, path);
  REAL(fsync);
  if (!name) return real(fd);
  if (S_ISDIR(is.st_mode)) {
    if (journal) name_changed("sync", path, "", "");
    return 0;
  }
  int error = fault(SYNC, name);
  struct file *file = journal ? file_of(is.st_ino) : NULL;
  if (file) pthread_mutex_lock(&file->lock);
  if (sync_time > 0) usleep(sync_time);
  if (file) {
    struct record end = {error ? 'F' : 'S', 0, 0, 0, is.st_size};
    if (error) file->keeps = 1;
    if (file->keeps) append(file->journal, &end, sizeof end);
    else if (real_truncate(file->journal, 0) != 0) die("the journal cannot be emptied");
    pthread_mutex_unlock(&file->lock);
  }
  return error ? failed(error) : 0;
}
int fdatasync(int fd) { return fsync(fd); }

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
  va_end(more);
  struct stat is;
  int makes = journal && flags & O_CREAT && named(path) && stat(path, &is) != 0;
  /* First the record, as everywhere: what is not there need not be removed. */
  if (makes) name_changed("make", path, "", "");
  return real_open(path, flags, mode);
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  struct stat is;
  if (journal && named(path) && stat(path, &is) != 0) name_changed("make", path, "", "");
  return real(path, mode);
}

int unlink(const char *path) {
  REAL(unlink);
  struct stat is;
  char aside[PATH_MAX];
  if (journal && named(path) && stat(path, &is) == 0 && S_ISREG(is.st_mode)) {
    keep_name(path, aside);
    name_changed("remove", path, "", aside);
  }
  return real(path);
}

int rename(const char *from, const char *to) {
  REAL(rename);
  struct stat is;
  char aside[PATH_MAX] = "";
  if (journal && named(from) && named(to)) {
    if (stat(to, &is) == 0) keep_name(to, aside);
    name_changed("rename", from, to, aside);
  }
  return real(from, to);
}
