/* Get Device ID over one session of libfreeipmi, one request in flight, for as long as it is told.
 *
 * gcc -O2 -o freeipmi_raw freeipmi_raw.c -lfreeipmi      (Debian: libfreeipmi-dev)
 * freeipmi_raw HOST:PORT USER PASSWORD SECONDS           prints requests, seconds of wall and of processor
 */
#include <freeipmi/freeipmi.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: %s HOST:PORT USER PASSWORD SECONDS\n", argv[0]);
        return 2;
    }
    ipmi_ctx_t ctx = ipmi_ctx_create();
    /* 0 = the library's own time-outs; cipher suite 3. */
    if (!ctx || ipmi_ctx_open_outofband_2_0(ctx, argv[1], argv[2], argv[3], NULL, 0, IPMI_PRIVILEGE_LEVEL_ADMIN,
                                            3, 0, 0, IPMI_WORKAROUND_FLAGS_DEFAULT,
                                            IPMI_FLAGS_DEFAULT) < 0) {
        fprintf(stderr, "no session: %s\n", ctx ? ipmi_ctx_errormsg(ctx) : "no memory");
        return 1;
    }
    const unsigned char request[] = {0x01};
    unsigned char answer[64];
    unsigned long done = 0;
    double limit = atof(argv[4]);
    double began = seconds(CLOCK_MONOTONIC), used = seconds(CLOCK_PROCESS_CPUTIME_ID), passed;
    do {
        for (int turn = 0; turn < 100; turn++, done++) {
            int size = ipmi_cmd_raw(ctx, 0, 0x06, request, sizeof request, answer, sizeof answer);
            if (size < 13 || answer[1]) {
                fprintf(stderr, "request %lu: %s\n", done, ipmi_ctx_errormsg(ctx));
                return 1;
            }
        }
        passed = seconds(CLOCK_MONOTONIC) - began;
    } while (passed < limit);
    printf("%lu %.6f %.6f\n", done, passed, seconds(CLOCK_PROCESS_CPUTIME_ID) - used);
    ipmi_ctx_close(ctx);
    ipmi_ctx_destroy(ctx);
    return 0;
}
