//# set: small
//# count: 220
//# short: 1
// Backtracking: queens on a board by bits, and a solver of sudoku; recursion, branches that can't be foreseen.
#include "bench.h"

static unsigned queens(unsigned all, unsigned columns, unsigned left, unsigned right) {
    if (columns == all)
        return 1;
    unsigned found = 0;
    for (unsigned free = all & ~(columns | left | right); free; free &= free - 1) {
        unsigned one = free & -free;
        found += queens(all, columns | one, (left | one) << 1, (right | one) >> 1);
    }
    return found;
}

static uint8_t board[81];
static unsigned row_used[9], column_used[9], box_used[9];

static void toggle(int at, unsigned bit) {
    row_used[at / 9] ^= bit;
    column_used[at % 9] ^= bit;
    box_used[at / 27 * 3 + at % 9 / 3] ^= bit;
}

static unsigned possible(int at) {
    return 0x1ff & ~(row_used[at / 9] | column_used[at % 9] | box_used[at / 27 * 3 + at % 9 / 3]);
}

// Counts the steps to the first solution, at most `limit`.
static int solve(unsigned *steps, unsigned limit) {
    int best = -1, fewest = 10;
    for (int at = 0; at < 81; at++)
        if (!board[at]) {
            int choices = __builtin_popcount(possible(at));
            if (choices < fewest)
                best = at, fewest = choices;
        }
    if (best < 0 || *steps >= limit)
        return best < 0;
    for (unsigned free = possible(best); free; free &= free - 1) {
        unsigned bit = free & -free;
        ++*steps;
        toggle(best, bit);
        board[best] = (uint8_t)(__builtin_ctz(bit) + 1);
        if (solve(steps, limit))
            return 1;
        board[best] = 0;
        toggle(best, bit);
    }
    return 0;
}

static uint64_t sudoku(void) {
    unsigned steps = 0;
    memset(board, 0, sizeof board);
    memset(row_used, 0, sizeof row_used);
    memset(column_used, 0, sizeof column_used);
    memset(box_used, 0, sizeof box_used);
    for (int given = 0; given < 22; given++) {
        int at = (int)(random_bits() % 81);
        unsigned bit = 1u << random_bits() % 9;
        if (!board[at] && possible(at) & bit) {
            board[at] = (uint8_t)(__builtin_ctz(bit) + 1);
            toggle(at, bit);
        }
    }
    solve(&steps, 3000);
    return checksum(board, sizeof board) + steps;
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint64_t sum = 0;
    for (unsigned i = 0; i < count; i++) {
        sum = sum * 31 + queens((1u << 11) - 1, 0, 0, 0);
        for (int n = 0; n < 50; n++)
            sum = sum * 31 + sudoku();
    }
    return finish(sum);
}
