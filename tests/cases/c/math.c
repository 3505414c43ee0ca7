//# stdout:
//| sqrt 1.4142135623730951 cbrt 3 hypot 5
//| sin 0.8414709848078965 cos 0.5403023058681398 tan 1.5574077246549023
//| exp 2.7182818284590451 log 0.69314718055994529 log10 3 pow 0.5
//| floor -3 ceil -2 trunc -2 round -3 rint -2 nearbyint 4
//| fmod 1.5 remainder -0.5 modf 0.25 3 frexp 0.75 3 ldexp 24
//| fma 7 fmin -1 fmax 2 copysign -3 fabs 2.5
//| isnan 1 isinf 1 signbit 1 class 1 lround -3 llrint 2
//| gamma 24 erf 0.84270079294971489 atan2 -2.3561944901923448
//| floats 0.333333343 16777216 1

#include <math.h>
#include <stdio.h>

static volatile double one = 1, two = 2, half = 2.5, three = 3, nothing = 0;

int main(void) {
    printf("sqrt %.17g cbrt %g hypot %g\n", sqrt(two), cbrt(three * 9), hypot(three, two * 2));
    printf("sin %.16g cos %.16g tan %.17g\n", sin(one), cos(one), tan(one));
    printf("exp %.17g log %.17g log10 %g pow %g\n", exp(one), log(two), log10(1000 * one), pow(two, -one));
    printf("floor %g ceil %g trunc %g round %g rint %g nearbyint %g\n", floor(-half), ceil(-half), trunc(-half),
           round(-half), rint(-half), nearbyint(three + 0.5));
    double whole;
    int exponent;
    double fraction = modf(three + 0.25, &whole);
    double mantissa = frexp(6 * one, &exponent);
    printf("fmod %g remainder %g modf %g %g frexp %g %d ldexp %g\n", fmod(three + 0.5, two), remainder(three + 0.5, two),
           fraction, whole, mantissa, exponent, ldexp(three, 3));
    printf("fma %g fmin %g fmax %g copysign %g fabs %g\n", fma(two, three, one), fmin(two, -one), fmax(two, nothing / nothing),
           copysign(three, -one), fabs(-half));
    printf("isnan %d isinf %d signbit %d class %d lround %ld llrint %lld\n", isnan(nothing / nothing) != 0,
           isinf(one / nothing) != 0, signbit(-nothing) != 0, fpclassify(one) == FP_NORMAL, lround(-half), llrint(half));
    printf("gamma %g erf %.17g atan2 %.17g\n", tgamma(three + 2), erf(one), atan2(-one, -one));
    float third = (float)one / 3;
    printf("floats %.9g %.9g %d\n", third, (float)(16777217 * one), (float)(0.1 * one) != 0.1);
    return 0;
}
