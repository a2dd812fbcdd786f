/* The names of glibc that Debian's C++ library asks for and musl has not: see .ci/portable-systems. The file that is made of it has
   the name of glibc's loader, for that is where the library looks for some of them. */

#include <link.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

char __libc_single_threaded = 0;

/* Searched by libgcc for the tables of the code that an exception passes; dlfcn.h of glibc 2.35. */
struct dl_find_object {
  unsigned long long flags;
  void *map_start, *map_end;
  struct link_map *link_map;
  void *eh_frame;
  unsigned long long reserved[7];
};

struct search {
  ElfW(Addr) address;
  struct dl_find_object *found;
};

static int look(struct dl_phdr_info *object, size_t size, void *data) {
  struct search *search = data;
  const ElfW(Phdr) *code = 0, *frames = 0;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *header = &object->dlpi_phdr[i];
    if (header->p_type == PT_LOAD && search->address - object->dlpi_addr - header->p_vaddr < header->p_memsz) code = header;
    if (header->p_type == PT_GNU_EH_FRAME) frames = header;
  }
  if (!code || !frames) return 0;
  memset(search->found, 0, sizeof *search->found);
  search->found->map_start = (void *)(object->dlpi_addr + code->p_vaddr);
  search->found->map_end = (void *)(object->dlpi_addr + code->p_vaddr + code->p_memsz);
  search->found->eh_frame = (void *)(object->dlpi_addr + frames->p_vaddr);
  return 1;
}

int _dl_find_object(void *address, struct dl_find_object *found) {
  struct search search = { (ElfW(Addr))address, found };
  return dl_iterate_phdr(look, &search) ? 0 : -1;
}

int __pthread_key_create(pthread_key_t *key, void (*end)(void *)) {
  return pthread_key_create(key, end);
}

size_t __strftime_l(char *text, size_t size, const char *format, const struct tm *time, locale_t locale) {
  return strftime_l(text, size, format, time, locale);
}

unsigned arc4random(void) {
  return 4;
}

/* Destructors of a thread's own variables, in the order opposite to that of their making. */
struct destructor {
  void (*run)(void *);
  void *object;
  struct destructor *next;
};

static pthread_key_t destructors;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void run_all(void *list) {
  for (struct destructor *first = list; first;) {
    struct destructor *next = first->next;
    first->run(first->object);
    free(first);
    first = next;
  }
}

static void create_key(void) {
  pthread_key_create(&destructors, run_all);
}

int __cxa_thread_atexit_impl(void (*run)(void *), void *object, void *library) {
  struct destructor *added = malloc(sizeof *added);
  if (!added) return -1;
  pthread_once(&once, create_key);
  *added = (struct destructor){ run, object, pthread_getspecific(destructors) };
  return pthread_setspecific(destructors, added);
}

/* libgcc asks itself for these, by a version that musl does not look at. */
struct { unsigned vendor, type, subtype, features; } __cpu_model;

int __cpu_indicator_init(void) {
  return 0;
}
