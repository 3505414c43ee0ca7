/* Pointers, small functions and the allocator: binary trees built, walked and freed. */
#include <stdio.h>
#include <stdlib.h>

struct node { struct node *left, *right; };

static struct node *build(int depth) {
    struct node *node = malloc(sizeof *node);
    node->left = depth ? build(depth - 1) : 0;
    node->right = depth ? build(depth - 1) : 0;
    return node;
}

static int count(const struct node *node) {
    return node ? 1 + count(node->left) + count(node->right) : 0;
}

static void release(struct node *node) {
    if (!node) return;
    release(node->left);
    release(node->right);
    free(node);
}

int main(void) {
    int sum = 0;
    for (int round = 0; round < 60; round++) {
        struct node *tree = build(15);
        sum += count(tree);
        release(tree);
    }
    printf("%d\n", sum);
}
