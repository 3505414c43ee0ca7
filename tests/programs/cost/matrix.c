/* Floating point: products of matrices of 400 by 400. */
#include <stdio.h>

enum { SIZE = 400 };
static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

int main(void) {
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) a[i][j] = i + j, b[i][j] = i - j;
    for (int round = 0; round < 6; round++)
        for (int i = 0; i < SIZE; i++)
            for (int k = 0; k < SIZE; k++)
                for (int j = 0; j < SIZE; j++) c[i][j] += a[i][k] * b[k][j];
    printf("%.0f\n", c[7][11]);
}
