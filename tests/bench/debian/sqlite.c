//# set: real
//# count: 10
//# short: 1
//# package: sqlite3
//# prepare: ./configure --disable-tcl --disable-readline && make sqlite3.c
//# needs: tclsh tcl
//# sources: sqlite3.c
//# flags: -DSQLITE_OS_OTHER=1 -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_TEMP_STORE=3
// SQLite on a database in memory: tables filled, indexed, joined, grouped, searched, changed and emptied.
#include "../c/bench.h"
#include "sqlite3.h"

static sqlite3 *database;
static uint64_t sum;

// ---- An operating system without files, which a database in memory does not need.

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *given) {
    (void)vfs, (void)name, (void)flags, (void)given;
    file->pMethods = NULL;
    return SQLITE_CANTOPEN;
}
static int delete_file(sqlite3_vfs *vfs, const char *name, int sync) {
    (void)vfs, (void)name, (void)sync;
    return SQLITE_IOERR_DELETE;
}
static int access_file(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
    (void)vfs, (void)name, (void)flags;
    *result = 0;
    return SQLITE_OK;
}
static int full_path(sqlite3_vfs *vfs, const char *name, int size, char *path) {
    (void)vfs;
    sqlite3_snprintf(size, path, "%s", name);
    return SQLITE_OK;
}
static int randomness(sqlite3_vfs *vfs, int size, char *bytes) {
    (void)vfs;
    random_bytes(bytes, (size_t)size);
    return size;
}
static int sleep_for(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    return microseconds;
}
static int current_time(sqlite3_vfs *vfs, double *day) {
    (void)vfs;
    *day = 2460000.5;
    return SQLITE_OK;
}
static int last_error(sqlite3_vfs *vfs, int size, char *message) {
    (void)vfs, (void)size, (void)message;
    return 0;
}
static sqlite3_vfs no_files = {
    .iVersion = 1,
    .szOsFile = sizeof(sqlite3_file),
    .mxPathname = 100,
    .zName = "none",
    .xOpen = open_file,
    .xDelete = delete_file,
    .xAccess = access_file,
    .xFullPathname = full_path,
    .xRandomness = randomness,
    .xSleep = sleep_for,
    .xCurrentTime = current_time,
    .xGetLastError = last_error,
};
int sqlite3_os_init(void) { return sqlite3_vfs_register(&no_files, 1); }
int sqlite3_os_end(void) { return SQLITE_OK; }

// ---- Statements.

static void check(int code) {
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) {
        fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(database));
        exit(1);
    }
}

static void execute(const char *text) { check(sqlite3_exec(database, text, NULL, NULL, NULL)); }

static sqlite3_stmt *prepare(const char *text) {
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v2(database, text, -1, &statement, NULL));
    return statement;
}

// Runs a statement to its end and adds up what it gives.
static void run(sqlite3_stmt *statement) {
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const unsigned char *text = sqlite3_column_text(statement, i);
            sum = sum * 31 + (text ? checksum(text, (size_t)sqlite3_column_bytes(statement, i)) : 7);
        }
    check(code);
    check(sqlite3_reset(statement));
}

static void query(const char *text) {
    sqlite3_stmt *statement = prepare(text);
    run(statement);
    check(sqlite3_finalize(statement));
}

// A number in words, so that texts have different lengths.
static void in_words(unsigned number, char *to) {
    static const char *const digits[10] = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
    do {
        to += sprintf(to, "%s ", digits[number % 10]);
        number /= 10;
    } while (number > 0);
    to[-1] = 0;
}

static void fill(const char *text, int rows, int is_sorted) {
    char words[80];
    sqlite3_stmt *insert = prepare(text);
    execute("BEGIN");
    for (int i = 1; i <= rows; i++) {
        unsigned number = (unsigned)(random_bits() % 100000);
        in_words(number, words);
        check(sqlite3_bind_int(insert, 1, is_sorted ? i : (int)(random_bits() >> 33)));
        check(sqlite3_bind_int(insert, 2, (int)number));
        check(sqlite3_bind_text(insert, 3, words, -1, SQLITE_TRANSIENT));
        run(insert);
    }
    execute("COMMIT");
    check(sqlite3_finalize(insert));
}

static void search(const char *text, int times, int range) {
    sqlite3_stmt *statement = prepare(text);
    for (int i = 0; i < times; i++) {
        int from = (int)(random_bits() % 100000);
        check(sqlite3_bind_int(statement, 1, from));
        check(sqlite3_bind_int(statement, 2, from + range));
        run(statement);
    }
    check(sqlite3_finalize(statement));
}

static void work(void) {
    execute("CREATE TABLE plain(a INTEGER, b INTEGER, c TEXT);"
            "CREATE TABLE keyed(a INTEGER PRIMARY KEY, b INTEGER, c TEXT);"
            "CREATE TABLE indexed(a INTEGER, b INTEGER, c TEXT);"
            "CREATE INDEX by_b ON indexed(b); CREATE INDEX by_c ON indexed(c);");
    fill("INSERT INTO plain VALUES(?1, ?2, ?3)", 4000, 1);
    fill("INSERT OR REPLACE INTO keyed VALUES(?1, ?2, ?3)", 4000, 0);
    fill("INSERT INTO indexed VALUES(?1, ?2, ?3)", 4000, 1);
    search("SELECT count(*), avg(b), sum(length(c)) FROM plain WHERE b BETWEEN ?1 AND ?2", 15, 5000);
    search("SELECT count(*), avg(b), max(c) FROM indexed WHERE b BETWEEN ?1 AND ?2", 400, 500);
    search("SELECT a, b, c FROM indexed WHERE b > ?1 AND a <> ?2 ORDER BY b LIMIT 3", 400, 0);
    query("SELECT count(*), min(c) FROM plain WHERE c LIKE '%seven%' OR c GLOB 'nine*three'");
    query("SELECT b % 10, count(*), sum(b), group_concat(c, '|') FROM plain GROUP BY 1 HAVING count(*) > 10 ORDER BY 2, 1");
    query("SELECT DISTINCT substr(c, 1, 6) || upper(substr(c, -3)) FROM plain ORDER BY 1 DESC");
    query("SELECT p.c, i.a FROM plain p JOIN indexed i ON p.b = i.b WHERE p.a % 2 = 0 ORDER BY p.c, i.a");
    query("SELECT a, (SELECT count(*) FROM indexed i WHERE i.b < p.b AND i.b > p.b - 300) FROM plain p WHERE a < 500");
    query("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000)"
          "SELECT sum(x * x % 97), count(DISTINCT x % 1001) FROM n");
    query("SELECT a, c, rank() OVER (PARTITION BY b % 7 ORDER BY c, a), sum(b) OVER (ORDER BY a ROWS 5 PRECEDING)"
          "FROM plain WHERE a % 4 = 1");
    execute("BEGIN; UPDATE plain SET b = b * 2 + 1, c = c || ' more' WHERE a % 3 = 0;"
            "UPDATE indexed SET b = b + 7 WHERE b BETWEEN 20000 AND 60000;"
            "INSERT INTO keyed SELECT a + 1000000007, b, c FROM plain WHERE a % 5 = 0;"
            "DELETE FROM indexed WHERE a % 4 = 0; DELETE FROM keyed WHERE c LIKE 'two%'; COMMIT;");
    query("SELECT count(*), sum(b), sum(length(c)) FROM (SELECT b, c FROM plain UNION SELECT b, c FROM keyed)");
    query("SELECT k.a, p.a FROM keyed k LEFT JOIN plain p ON k.c = p.c WHERE k.b % 50 = 3 ORDER BY k.a, p.a");
    query("PRAGMA integrity_check");
    execute("DROP TABLE plain; DROP TABLE keyed; DROP TABLE indexed;");
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    check(sqlite3_open(":memory:", &database));
    for (unsigned i = 0; i < count; i++)
        work();
    check(sqlite3_close(database));
    return finish(sum);
}
