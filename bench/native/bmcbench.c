/* bmcbench: bench fixture for IPMI 2.0 peers.  Build: gcc -O2 -Wno-deprecated-declarations -o bmcbench bmcbench.c -lcrypto
 *
 *  bmcbench serve [-a 0.0.0.0] [-p 623] [-r sdr.bin] [-f fru.bin] [-e nsel] [-d delay_us]
 *      one process, one UDP socket; every local address the packet was sent to is a BMC of its own
 *      (admin/password; cipher suites 0 1 2 3 15 16 17). prints counters on SIGUSR1 / SIGTERM.
 *  bmcbench load  [-a 127.0.0.1] [-p 623] [-n sessions] [-N addresses] [-w window | -g total] [-t secs] [-c suite] [-q netfn,cmd,hexdata] [-s pid] [-k count]
 *      saturating client: prints requests/s. -N: the sessions go to so many loopback addresses from -a on, those that end in 0 or 255 left out;
 *      -g: so many requests in flight over all sessions, which take turns; -s: the processor time of that process while it answered; -k: no more than so many answers,
 *      exactly so many requests with one in flight. With no answer at all it waits half a minute longer.
 *  bmcbench opens [-a ..] [-p ..] [-t secs] [-c suite] [-s pid]     full open + set-priv + close cycles per second, sequential
 *  bmcbench proxy -a listen_addr -p port -A target -P port [-d delay_us each way] [-l loss%]
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
typedef uint8_t u8;
static uint64_t now_us(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000ull + t.tv_nsec / 1000; }
/* processor time of a process, all of its threads: the kernel's clock id for a pid */
static double cpu_of(int pid) { struct timespec t = {0}; if (pid) clock_gettime((clockid_t)(~pid * 8 | 2), &t); return t.tv_sec + t.tv_nsec / 1e9; }
/* the j-th loopback address from `first` on, those that end in 0 or 255 left out */
static uint32_t spread(uint32_t first, int j) { uint32_t k = first / 256 * 254 + first % 256 - 1 + j; return k / 254 * 256 + k % 254 + 1; }
static volatile sig_atomic_t stop, dump;
static void on_sig(int s) { if (s == SIGUSR1) dump = 1; else stop = 1; }
static u8 csum(const u8 *p, int n) { u8 s = 0; while (n--) s += *p++; return -s; }
static void p32(u8 *p, uint32_t v) { p[0] = v; p[1] = v >> 8; p[2] = v >> 16; p[3] = v >> 24; }
static uint32_t g32(const u8 *p) { return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24; }
static uint16_t g16(const u8 *p) { return p[0] | p[1] << 8; }
static const char *USER = "admin", *PW = "password";

/* ---- per session crypto ---- */
struct crypt { u8 a, i, c, mlen; EVP_MAC_CTX *m1, *m1i; u8 k1[32], k2[32]; EVP_CIPHER_CTX *enc, *dec;
  union { SHA_CTX s1; SHA256_CTX s2; } in, out; };
static int hlen(int a) { return a == 1 ? 20 : a == 3 ? 32 : 0; }
static void mac_full(int a, const void *k, int kl, const u8 *d, int n, u8 *o) { unsigned l; if (!hlen(a)) return; HMAC(a == 1 ? EVP_sha1() : EVP_sha256(), k, kl, d, n, o, &l); }
static void k1_prep(struct crypt *c) {
  u8 pi[64], po[64]; memset(pi, 0x36, 64); memset(po, 0x5c, 64);
  for (int j = 0; j < hlen(c->a); j++) { pi[j] ^= c->k1[j]; po[j] ^= c->k1[j]; }
  if (c->i == 1) { SHA1_Init(&c->in.s1); SHA1_Update(&c->in.s1, pi, 64); SHA1_Init(&c->out.s1); SHA1_Update(&c->out.s1, po, 64); c->mlen = 12; }
  else if (c->i == 4) { SHA256_Init(&c->in.s2); SHA256_Update(&c->in.s2, pi, 64); SHA256_Init(&c->out.s2); SHA256_Update(&c->out.s2, po, 64); c->mlen = 16; }
  else c->mlen = 0;
}
static void mac_pkt(struct crypt *c, const u8 *d, int n, u8 *o) {
  u8 h[32];
  if (c->i == 1) { SHA_CTX x = c->in.s1; SHA1_Update(&x, d, n); SHA1_Final(h, &x); x = c->out.s1; SHA1_Update(&x, h, 20); SHA1_Final(h, &x); }
  else { SHA256_CTX x = c->in.s2; SHA256_Update(&x, d, n); SHA256_Final(h, &x); x = c->out.s2; SHA256_Update(&x, h, 32); SHA256_Final(h, &x); }
  memcpy(o, h, c->mlen);
}
static void derive(struct crypt *c, const u8 *sik) {
  u8 t[20]; int h = hlen(c->a);
  memset(t, 1, 20); mac_full(c->a, sik, h, t, 20, c->k1);
  memset(t, 2, 20); mac_full(c->a, sik, h, t, 20, c->k2);
  if (c->i) k1_prep(c);
  if (c->c == 1) {
    if (!c->enc) { c->enc = EVP_CIPHER_CTX_new(); c->dec = EVP_CIPHER_CTX_new(); }
    EVP_EncryptInit_ex(c->enc, EVP_aes_128_cbc(), 0, c->k2, 0); EVP_CIPHER_CTX_set_padding(c->enc, 0);
    EVP_DecryptInit_ex(c->dec, EVP_aes_128_cbc(), 0, c->k2, 0); EVP_CIPHER_CTX_set_padding(c->dec, 0);
  }
}
static uint64_t rng = 88172645463325252ull;
static uint64_t rnd(void) { rng ^= rng << 13; rng ^= rng >> 7; rng ^= rng << 17; return rng; }
/* build a 2.0 packet; c may be NULL (no session). returns length */
static int seal(struct crypt *c, u8 *o, int pt, uint32_t sid, uint32_t seq, const u8 *pl, int n) {
  o[0] = 6; o[1] = 0; o[2] = 0xff; o[3] = 7; o[4] = 6; p32(o + 6, sid); p32(o + 10, seq);
  u8 *b = o + 16; int l;
  if (c && c->c == 1) {
    pt |= 0x80; u8 t[512]; uint64_t r[2] = {rnd(), rnd()}; memcpy(b, r, 16); memcpy(t, pl, n);
    int pad = (16 - (n + 1) % 16) % 16; for (int j = 0; j < pad; j++) t[n + j] = j + 1;
    t[n + pad] = pad; int ol; EVP_EncryptInit_ex(c->enc, 0, 0, 0, b); EVP_EncryptUpdate(c->enc, b + 16, &ol, t, n + pad + 1); l = 16 + ol;
  } else { memcpy(b, pl, n); l = n; }
  if (c && c->i) pt |= 0x40;
  o[5] = pt; o[14] = l; o[15] = l >> 8; l += 16;
  if (c && c->i) {
    int pad = (4 - (l - 4 + 2) % 4) % 4; memset(o + l, 0xff, pad); l += pad; o[l++] = pad; o[l++] = 7;
    mac_pkt(c, o + 4, l - 4, o + l); l += c->mlen;
  }
  return l;
}
/* verify + decrypt; returns payload length or -1 */
static int unseal(struct crypt *c, u8 *d, int n, u8 *pl) {
  int l = g16(d + 14); if (16 + l > n) return -1;
  if (c->i) { u8 m[16]; if (!(d[5] & 0x40) || n < 16 + l + 2 + c->mlen) return -1; mac_pkt(c, d + 4, n - 4 - c->mlen, m); if (memcmp(m, d + n - c->mlen, c->mlen)) return -1; }
  if (c->c == 1) {
    if (!(d[5] & 0x80) || l < 32 || l % 16) return -1; int ol;
    EVP_DecryptInit_ex(c->dec, 0, 0, 0, d + 16); EVP_DecryptUpdate(c->dec, pl, &ol, d + 32, l - 16);
    int pad = pl[ol - 1]; if (pad > 15) return -1; return ol - 1 - pad;
  }
  memcpy(pl, d + 16, l); return l;
}

/* ---------------- server ---------------- */
#define NS (1 << 18)
struct ss { struct crypt k; u8 state, role, ulen, priv, user[16], rm[16], rc[16]; uint32_t rsid, sid, tx; in_addr_t laddr; };
static struct ss *S; static uint32_t nexts = 1;
static u8 sdr[65536], frud[4096]; static int sdrlen, frulen, nsel, srvdelay; static int recoff[1024], nrec; static u8 rawval[256]; static u8 *power;
static uint64_t st_pkts, st_req, st_open, st_bad;
static int cmd_handle(struct ss *s, int netfn, int lun, int cmd, const u8 *q, int n, u8 *o) {
  (void)lun; o[0] = 0; u8 *pw = power + (ntohl(s ? s->laddr : 0) & 0xffffff);
  switch (netfn << 8 | cmd) {
  case 0x0601: { static const u8 d[] = {0, 0x20, 1, 2, 0x45, 2, 0xbf, 0x57, 1, 0, 2, 0, 0, 0, 0, 0}; memcpy(o, d, 16); return 16; }
  case 0x0604: o[1] = 0x55; o[2] = 0; return 3;
  case 0x0637: case 0x0608: for (int j = 0; j < 16; j++) o[1 + j] = j + 0x10; return 17;
  case 0x0638: o[1] = 1; o[2] = n && q[0] & 0x80 ? 0x80 : 0; o[3] = 4; o[4] = 2; o[5] = o[6] = o[7] = o[8] = 0; return 9;
  case 0x063b: if (n < 1) break; if (q[0] && s) s->priv = q[0]; o[1] = s ? s->priv : 0; return 2;
  case 0x063c: if (s) s->state = 9; return 1;
  case 0x063d: { static const u8 d[] = {0, 1, 32, 1, 2, 4, 0x11}; memcpy(o, d, 7); return 7; }
  case 0x0642: { static const u8 d[] = {0, 1, 4, 1, 0x80, 0xf2, 0x1b, 0, 0, 0}; memcpy(o, d, 10); return 10; }
  case 0x0654: { static const u8 d[] = {0xc0, 3, 1, 0x41, 0x81, 0xc0, 17, 3, 0x44, 0x81}; o[1] = 1; if (n >= 3 && (q[2] & 0x3f)) return 2; memcpy(o + 2, d, 10); return 12; }
  case 0x0001: o[1] = *pw & 1; o[2] = 0; o[3] = 0x40; return 4;
  case 0x0002: if (n && q[0] <= 1) *pw = q[0]; return 1;
  case 0x0004: return 1;
  case 0x042d: o[1] = n ? rawval[q[0]] : 0; o[2] = 0xc0; o[3] = 0xc0; return 4;
  case 0x0427: o[1] = 0x38; o[2] = o[3] = o[4] = 0; o[5] = 200; o[6] = 210; o[7] = 220; return 8;
  case 0x0425: o[1] = 2; o[2] = 2; return 3;
  case 0x0a20: o[1] = 0x51; o[2] = nrec; o[3] = nrec >> 8; o[4] = o[5] = 0xff; p32(o + 6, 1700000000); p32(o + 10, 1700000000); o[14] = 0x22; return 15;
  case 0x0a22: case 0x0a42: o[1] = 1; o[2] = 0; return 3;
  case 0x0a23: { if (n < 6) break; int id = g16(q + 2), off = q[4], cnt = q[5]; if (id == 0xffff) id = nrec - 1; if (id >= nrec) { o[0] = 0xcb; return 1; }
    int rl = sdr[recoff[id] + 4] + 5; if (off > rl) { o[0] = 0xc9; return 1; } if (cnt > rl - off) cnt = rl - off;
    int nx = id + 1 < nrec ? id + 1 : 0xffff; o[1] = nx; o[2] = nx >> 8; memcpy(o + 3, sdr + recoff[id] + off, cnt); return 3 + cnt; }
  case 0x0a40: o[1] = 0x51; o[2] = nsel; o[3] = nsel >> 8; o[4] = o[5] = 0xff; p32(o + 6, 1700000000); p32(o + 10, 1600000000); o[14] = 2; return 15;
  case 0x0a43: { if (n < 6) break; int id = g16(q + 2); if (id == 0) id = 1; if (id == 0xffff) id = nsel; if (id > nsel || !nsel) { o[0] = 0xcb; return 1; }
    u8 r[16] = {id, id >> 8, 2}; p32(r + 3, 1600000000 + id * 60); r[7] = 0x20; r[9] = 4; r[10] = 1; r[11] = 1 + id % 100; r[12] = id & 1 ? 1 : 0x81; r[13] = 0x57; r[14] = 0x5a; r[15] = 0x50;
    int nx = id < nsel ? id + 1 : 0xffff, off = q[4], c = q[5]; if (off > 15) off = 15; if (c > 16 - off) c = 16 - off; o[1] = nx; o[2] = nx >> 8; memcpy(o + 3, r + off, c); return 3 + c; }
  case 0x0a48: p32(o + 1, 1700000000); return 5;
  case 0x0a10: o[1] = frulen; o[2] = frulen >> 8; o[3] = 0; return 4;
  case 0x0a11: { if (n < 4) break; int off = g16(q + 1), c = q[3]; if (off > frulen) off = frulen; if (c > frulen - off) c = frulen - off; o[1] = c; memcpy(o + 2, frud + off, c); return 2 + c; }
  default: o[0] = 0xc1; return 1;
  }
  o[0] = 0xc7; return 1;
}
/* ipmb request -> response in o */
static int ipmb_do(struct ss *s, const u8 *p, int n, u8 *o) {
  if (n < 7) return 0;
  int netfn = p[1] >> 2; o[0] = p[3]; o[1] = (netfn | 1) << 2 | (p[4] & 3); o[2] = csum(o, 2); o[3] = p[0]; o[4] = (p[4] & 0xfc) | (p[1] & 3); o[5] = p[5];
  int l = 6 + cmd_handle(s, netfn, p[1] & 3, p[5], p + 6, n - 7, o + 6); o[l] = csum(o + 3, l - 3); st_req++; return l + 1;
}
static int handle(u8 *d, int n, in_addr_t laddr, u8 *o) {
  u8 pl[1024], r[600]; st_pkts++;
  if (n < 4 || d[0] != 6) return st_bad++, 0;
  if (d[3] == 6) { if (n < 12 || d[8] != 0x80) return 0; static const u8 pong[] = {6, 0, 0xff, 6, 0, 0, 0x11, 0xbe, 0x40, 0, 0, 0x10, 0, 0, 0x11, 0xbe, 0, 0, 0, 0, 0x81, 0, 0, 0, 0, 0, 0, 0}; memcpy(o, pong, 28); o[9] = d[9]; return 28; }
  if (d[3] != 7 || n < 14) return st_bad++, 0;
  if (d[4] == 0) { int l = d[13]; if (14 + l > n) return 0; int k = ipmb_do(0, d + 14, l, r); if (!k) return 0; memcpy(o, d, 4); o[4] = 0; memset(o + 5, 0, 8); o[13] = k; memcpy(o + 14, r, k); return 14 + k; }
  if (d[4] != 6 || n < 16) return st_bad++, 0;
  int pt = d[5] & 0x3f, l = g16(d + 14); uint32_t sid = g32(d + 6); u8 *p = d + 16; if (16 + l > n) return st_bad++, 0;
  if (sid == 0) {
    memset(r, 0, 64);
    if (pt == 0) { int k = ipmb_do(0, p, l, r); return k ? seal(0, o, 0, 0, 0, r, k) : 0; }
    if (pt == 0x10 && l >= 32) {
      struct ss *s = &S[nexts & (NS - 1)]; s->sid = nexts++; s->state = 1; s->rsid = g32(p + 4); s->tx = 1; s->laddr = laddr; s->k.a = p[12] & 0x3f; s->k.i = p[20] & 0x3f; s->k.c = p[28] & 0x3f;
      r[0] = p[0]; p32(r + 4, s->rsid);
      if (!(s->k.a == 0 || s->k.a == 1 || s->k.a == 3) || !(s->k.i == 0 || s->k.i == 1 || s->k.i == 4) || s->k.c > 1) { r[1] = 0x11; return seal(0, o, 0x11, 0, 0, r, 8); }
      r[2] = p[1] & 15 ? p[1] & 15 : 4; p32(r + 8, s->sid); memcpy(r + 12, p + 8, 24); return seal(0, o, 0x11, 0, 0, r, 36);
    }
    if ((pt == 0x12 && l >= 28) || (pt == 0x14 && l >= 8)) {
      struct ss *s = &S[g32(p + 4) & (NS - 1)]; if (s->sid != g32(p + 4)) return st_bad++, 0;
      u8 m[128]; int h = hlen(s->k.a), ul = s->ulen;
      if (pt == 0x12) {
        s->role = p[24]; s->ulen = ul = p[27] > 16 ? 16 : p[27]; memcpy(s->rm, p + 8, 16); memcpy(s->user, p + 28, ul); RAND_bytes(s->rc, 16); s->state = 2;
        r[0] = p[0]; p32(r + 4, s->rsid);
        if (ul != (int)strlen(USER) || memcmp(s->user, USER, ul)) { r[1] = 0x0d; return seal(0, o, 0x13, 0, 0, r, 8); }
        memcpy(r + 8, s->rc, 16); for (int j = 0; j < 16; j++) r[24 + j] = 0x10 + j;
        p32(m, s->rsid); p32(m + 4, s->sid); memcpy(m + 8, s->rm, 16); memcpy(m + 24, r + 8, 32); m[56] = s->role; m[57] = ul; memcpy(m + 58, s->user, ul);
        mac_full(s->k.a, PW, strlen(PW), m, 58 + ul, r + 40); return seal(0, o, 0x13, 0, 0, r, 40 + h);
      }
      if (s->state < 2) return st_bad++, 0;
      memcpy(m, s->rc, 16); p32(m + 16, s->rsid); m[20] = s->role; m[21] = ul; memcpy(m + 22, s->user, ul); u8 x[32], sik[32];
      mac_full(s->k.a, PW, strlen(PW), m, 22 + ul, x); r[0] = p[0]; p32(r + 4, s->rsid);
      if (l < 8 + h || memcmp(x, p + 8, h)) { r[1] = 0x0f; st_bad++; return seal(0, o, 0x15, 0, 0, r, 8); }
      memcpy(m, s->rm, 16); memcpy(m + 16, s->rc, 16); m[32] = s->role; m[33] = ul; memcpy(m + 34, s->user, ul); mac_full(s->k.a, PW, strlen(PW), m, 34 + ul, sik);
      memcpy(m, s->rm, 16); p32(m + 16, s->sid); for (int j = 0; j < 16; j++) m[20 + j] = 0x10 + j;
      mac_full(s->k.a, sik, h, m, 36, r + 8); derive(&s->k, sik); s->state = 3; s->priv = 2; st_open++;
      return seal(0, o, 0x15, 0, 0, r, 8 + (s->k.a == 1 ? 12 : s->k.a == 3 ? 16 : 0));
    }
    return st_bad++, 0;
  }
  struct ss *s = &S[sid & (NS - 1)]; if (s->sid != sid || s->state != 3) return st_bad++, 0;
  int k = unseal(&s->k, d, n, pl); if (k < 0) return st_bad++, 0;
  if (pt != 0) return 0;
  k = ipmb_do(s, pl, k, r); if (!k) return 0;
  return seal(&s->k, o, 0, s->rsid, s->tx++, r, k);
}
struct q { uint64_t at; struct sockaddr_in to; in_addr_t from; int n, fd; u8 d[600]; };
static struct q *Q; static unsigned qh, qt; 
#define QN 16384
static void send_from(int fd, const u8 *d, int n, struct sockaddr_in *to, in_addr_t from) {
  struct iovec iv = {(void *)d, n}; char cb[CMSG_SPACE(sizeof(struct in_pktinfo))]; memset(cb, 0, sizeof cb);
  struct msghdr m = {to, sizeof *to, &iv, 1, cb, sizeof cb, 0}; struct cmsghdr *c = CMSG_FIRSTHDR(&m); c->cmsg_level = IPPROTO_IP; c->cmsg_type = IP_PKTINFO; c->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
  ((struct in_pktinfo *)CMSG_DATA(c))->ipi_spec_dst.s_addr = from; sendmsg(fd, &m, 0);
}
static void flushq(void) { uint64_t t = now_us(); while (qh != qt && Q[qh % QN].at <= t) { struct q *e = &Q[qh++ % QN]; if (e->from) send_from(e->fd, e->d, e->n, &e->to, e->from); else if (e->to.sin_port) sendto(e->fd, e->d, e->n, 0, (void *)&e->to, sizeof e->to); else send(e->fd, e->d, e->n, 0); } }
static int qwait(void) { if (qh == qt) return 500; int64_t w = Q[qh % QN].at - now_us(); return w <= 0 ? 0 : -(int)w; }
static void counters(void) { struct rusage u; getrusage(RUSAGE_SELF, &u); double cpu = u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
  fprintf(stderr, "packets %lu requests %lu sessions %lu bad %lu cpu %.3f\n", st_pkts, st_req, st_open, st_bad, cpu); }
static int udp(const char *a, int p) { int fd = socket(AF_INET, SOCK_DGRAM, 0), one = 1, big = 64 << 20; setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, 4); setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, 4); setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &big, 4);
  struct sockaddr_in s = {.sin_family = AF_INET, .sin_port = htons(p)}; inet_pton(AF_INET, a, &s.sin_addr); if (bind(fd, (void *)&s, sizeof s)) { perror("bind"); exit(2); } return fd; }
static int wait_fd(int fd) { int w = qwait(); struct timespec ts = {w > 0 ? w / 1000 : 0, w > 0 ? 0 : (long)-w * 1000}; if (w > 0) ts.tv_nsec = (w % 1000) * 1000000l; struct pollfd pf = {fd, POLLIN, 0}; return ppoll(&pf, 1, &ts, 0); }
static void serve(const char *a, int p) {
  S = calloc(NS, sizeof *S); Q = malloc(sizeof(struct q) * QN); power = calloc(1 << 24, 1); int fd = udp(a, p), one = 1; setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, 4);
  for (int o = 0; o + 5 <= sdrlen && nrec < 1024; o += sdr[o + 4] + 5) { recoff[nrec] = o; sdr[o] = nrec; sdr[o + 1] = nrec >> 8; if (sdr[o + 3] == 1) rawval[sdr[o + 7]] = sdr[o + 31]; nrec++; }
  struct epoll_event ev; (void)ev;
  while (!stop) {
    if (dump) { counters(); dump = 0; }
    if (srvdelay) flushq();
    u8 d[2048], o[1024]; struct sockaddr_in from; char cb[128]; struct iovec iv = {d, sizeof d}; struct msghdr m = {&from, sizeof from, &iv, 1, cb, sizeof cb, 0};
    int n = recvmsg(fd, &m, MSG_DONTWAIT); if (n < 0) { if (errno == EAGAIN) wait_fd(fd); continue; }
    in_addr_t la = 0; for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) if (c->cmsg_type == IP_PKTINFO) la = ((struct in_pktinfo *)CMSG_DATA(c))->ipi_addr.s_addr;
    int k = handle(d, n, la, o); if (!k) continue;
    if (!srvdelay) send_from(fd, o, k, &from, la);
    else if (qt - qh < QN) { struct q *e = &Q[qt++ % QN]; e->at = now_us() + srvdelay; e->to = from; e->from = la; e->n = k; e->fd = fd; memcpy(e->d, o, k); }
  }
  counters();
}
/* ---------------- client ---------------- */
struct cs { int fd; struct crypt k; uint32_t rsid, msid, seq; u8 rq; int out; uint64_t last; };
static u8 A_[18] = {[0] = 0, [1] = 1, [2] = 1, [3] = 1, [15] = 3, [16] = 3, [17] = 3}, I_[18] = {[2] = 1, [3] = 1, [16] = 4, [17] = 4}, C_[18] = {[3] = 1, [17] = 1};
static int xchg(int fd, const u8 *o, int n, u8 *d) { for (int t = 0; t < 5; t++) { send(fd, o, n, 0); struct pollfd pf = {fd, POLLIN, 0}; if (poll(&pf, 1, 1000) > 0) { int k = recv(fd, d, 2048, 0); if (k > 0) return k; } } return -1; }
static int ipmb_req(struct cs *c, int netfn, int cmd, const u8 *q, int n, u8 *o) { u8 p[300] = {0x20, netfn << 2}; c->rq = (c->rq + 1) & 63; p[2] = csum(p, 2); p[3] = 0x81; p[4] = c->rq << 2; p[5] = cmd; memcpy(p + 6, q, n); p[6 + n] = csum(p + 3, 3 + n); return seal(&c->k, o, 0, c->msid, ++c->seq, p, 7 + n); }
static int copen(struct cs *c, struct sockaddr_in *to, int suite) {
  u8 o[512], p[128] = {0}, d[2048], m[128], pl[512]; c->fd = socket(AF_INET, SOCK_DGRAM, 0); connect(c->fd, (void *)to, sizeof *to);
  c->k.a = A_[suite]; c->k.i = I_[suite]; c->k.c = C_[suite]; RAND_bytes((u8 *)&c->rsid, 4); c->rsid |= 1;
  p[1] = 4; p32(p + 4, c->rsid); p[11] = 8; p[12] = c->k.a; p[16] = 1; p[19] = 8; p[20] = c->k.i; p[24] = 2; p[27] = 8; p[28] = c->k.c;
  if (xchg(c->fd, o, seal(0, o, 0x10, 0, 0, p, 32), d) < 28 || d[17]) return fprintf(stderr, "open failed %02x\n", d[17]), -1;
  c->msid = g32(d + 24); int ul = strlen(USER), h = hlen(c->k.a); u8 rm[16], rc[16], guid[16], sik[32]; RAND_bytes(rm, 16);
  memset(p, 0, sizeof p); p32(p + 4, c->msid); memcpy(p + 8, rm, 16); p[24] = 0x14; p[27] = ul; memcpy(p + 28, USER, ul);
  if (xchg(c->fd, o, seal(0, o, 0x12, 0, 0, p, 28 + ul), d) < 56 || d[17]) return fprintf(stderr, "rakp2 failed %02x\n", d[17]), -1;
  memcpy(rc, d + 24, 16); memcpy(guid, d + 40, 16);
  memcpy(m, rc, 16); p32(m + 16, c->rsid); m[20] = 0x14; m[21] = ul; memcpy(m + 22, USER, ul); memset(p, 0, 8); p32(p + 4, c->msid); mac_full(c->k.a, PW, strlen(PW), m, 22 + ul, p + 8);
  memcpy(m, rm, 16); memcpy(m + 16, rc, 16); m[32] = 0x14; m[33] = ul; memcpy(m + 34, USER, ul); mac_full(c->k.a, PW, strlen(PW), m, 34 + ul, sik);
  if (xchg(c->fd, o, seal(0, o, 0x14, 0, 0, p, 8 + h), d) < 24 || d[17]) return fprintf(stderr, "rakp4 failed %02x\n", d[17]), -1;
  derive(&c->k, sik); u8 four = 4; int n = xchg(c->fd, o, ipmb_req(c, 6, 0x3b, &four, 1, o), d);
  if (n < 0 || unseal(&c->k, d, n, pl) < 7 || pl[6]) return fprintf(stderr, "set priv failed\n"), -1;
  return 0;
}
static int cclose(struct cs *c) { u8 o[512], d[2048], q[4]; p32(q, c->msid); int n = xchg(c->fd, o, ipmb_req(c, 6, 0x3c, q, 4, o), d); close(c->fd); return n; }
int main(int ac, char **av) {
  if (ac < 2) return fprintf(stderr, "usage: see the source\n"), 2;
  char *mode = av[1], *a = "127.0.0.1", *A = "127.0.0.1", *rf = 0, *ff = 0, *q = "6,1,"; int p = 623, P = 623, n = 1, N = 1, w = 1, g = 0, most = 0, pid = 0, suite = 3, o; double secs = 3, loss = 0; optind = 2;
  if (!strcmp(mode, "serve")) a = "0.0.0.0";
  while ((o = getopt(ac, av, "a:p:r:f:e:d:n:N:w:t:c:q:A:P:l:g:s:k:")) > 0) switch (o) { case 'a': a = optarg; break; case 'p': p = atoi(optarg); break; case 'r': rf = optarg; break; case 'f': ff = optarg; break; case 'e': nsel = atoi(optarg); break; case 'd': srvdelay = atoi(optarg); break; case 'n': n = atoi(optarg); break; case 'N': N = atoi(optarg); break; case 'w': w = atoi(optarg); break; case 't': secs = atof(optarg); break; case 'c': suite = atoi(optarg); break; case 'q': q = optarg; break; case 'A': A = optarg; break; case 'P': P = atoi(optarg); break; case 'l': loss = atof(optarg); break; case 'g': g = atoi(optarg); break; case 'k': most = atoi(optarg); break; case 's': pid = atoi(optarg); break; default: return 2; }
  if (rf) { FILE *f = fopen(rf, "rb"); sdrlen = fread(sdr, 1, sizeof sdr, f); fclose(f); }
  if (ff) { FILE *f = fopen(ff, "rb"); frulen = fread(frud, 1, sizeof frud, f); fclose(f); }
  signal(SIGTERM, on_sig); signal(SIGINT, on_sig); signal(SIGUSR1, on_sig); rng ^= (uint64_t)getpid() << 20 ^ now_us();
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(p)}; inet_pton(AF_INET, a, &to.sin_addr);
  struct rlimit files; getrlimit(RLIMIT_NOFILE, &files); files.rlim_cur = files.rlim_max; setrlimit(RLIMIT_NOFILE, &files);
  if (!strcmp(mode, "serve")) serve(a, p);
  else if (!strcmp(mode, "opens")) { double used = cpu_of(pid); uint64_t t0 = now_us(), k = 0; while (now_us() - t0 < secs * 1e6) { struct cs c = {0}; if (copen(&c, &to, suite)) return 1; cclose(&c); if (c.k.enc) { EVP_CIPHER_CTX_free(c.k.enc); EVP_CIPHER_CTX_free(c.k.dec); } k++; } printf("opens/s %.1f opened %lu cpu %.6f\n", k * 1e6 / (now_us() - t0), k, cpu_of(pid) - used); }
  else if (!strcmp(mode, "load")) {
    struct cs *c = calloc(n, sizeof *c); int netfn = 6, cmd = 1, ep = epoll_create1(0), ql = 0; u8 qd[64], d[2048], ob[1024], pl[512]; char hx[129] = ""; sscanf(q, "%i,%i,%128s", &netfn, &cmd, hx); for (; hx[ql * 2] && hx[ql * 2 + 1]; ql++) { unsigned v; sscanf(hx + ql * 2, "%2x", &v); qd[ql] = v; }
    uint64_t t0 = now_us(), tot = 0, bad = 0, rt = 0;
    for (int j = 0; j < n; j++) { struct sockaddr_in t = to; if (N > 1) t.sin_addr.s_addr = htonl(spread(ntohl(to.sin_addr.s_addr), j % N)); if (copen(&c[j], &t, suite)) return 1; struct epoll_event e = {.events = EPOLLIN, .data.u32 = j}; epoll_ctl(ep, EPOLL_CTL_ADD, c[j].fd, &e); }
    double to_open = (now_us() - t0) / 1e6, used = cpu_of(pid); t0 = now_us(); uint64_t t = t0, end = t0 + secs * 1e6; int turn = 0;
    if (g) for (c->last = t0; turn < g; turn++) send(c[turn % n].fd, ob, ipmb_req(&c[turn % n], netfn, cmd, qd, ql, ob), 0);
    else for (int j = 0; j < n; j++) for (int x = 0; x < w; x++) { send(c[j].fd, ob, ipmb_req(&c[j], netfn, cmd, qd, ql, ob), 0); c[j].out++; c[j].last = t0; }
    struct epoll_event ev[256]; uint64_t chk = t0;
    while (((t = now_us()) < end || (!tot && t < end + 30000000)) && !stop) {
      int k = epoll_wait(ep, ev, 256, 100);
      for (int x = 0; x < k; x++) { struct cs *s = &c[ev[x].data.u32]; int r; while ((r = recv(s->fd, d, sizeof d, MSG_DONTWAIT)) > 0) { int l = unseal(&s->k, d, r, pl); if (l < 7 || pl[6]) bad++; tot++; s->last = t; if (most && tot >= most) { stop = 1; break; } struct cs *z = g ? &c[turn++ % n] : s; send(z->fd, ob, ipmb_req(z, netfn, cmd, qd, ql, ob), 0); } if (g) c->last = t; }
      if (g && t - chk > 200000) { chk = t; if (t - c->last > 500000) { rt++; for (int x = 0; x < g; x++) { struct cs *z = &c[turn++ % n]; send(z->fd, ob, ipmb_req(z, netfn, cmd, qd, ql, ob), 0); } c->last = t; } }
      else if (t - chk > 200000) { chk = t; for (int j = 0; j < n; j++) if (t - c[j].last > 500000) { rt++; for (int x = 0; x < w; x++) send(c[j].fd, ob, ipmb_req(&c[j], netfn, cmd, qd, ql, ob), 0); c[j].last = t; } }
    }
    double el = (now_us() - t0) / 1e6; used = cpu_of(pid) - used;
    printf("sessions %d window %d opens/s %.1f requests %lu req/s %.1f bad %lu stalls %lu cpu %.6f\n", n, g ? g : w, n / to_open, tot, tot / el, bad, rt, used);
    fflush(stdout); usleep(50000); for (int j = 0; j < n; j++) { while (recv(c[j].fd, d, sizeof d, MSG_DONTWAIT) > 0); if (cclose(&c[j]) < 0) break; }
  } else if (!strcmp(mode, "proxy")) {
    Q = malloc(sizeof(struct q) * QN); int lf = udp(a, p); static struct { struct sockaddr_in cl; int fd; } M[4096]; int nm = 0, ep = epoll_create1(0); struct epoll_event e = {.events = EPOLLIN, .data.u32 = ~0u}, ev[64]; epoll_ctl(ep, EPOLL_CTL_ADD, lf, &e);
    struct sockaddr_in tg = {.sin_family = AF_INET, .sin_port = htons(P)}; inet_pton(AF_INET, A, &tg.sin_addr); uint64_t fw = 0, dr = 0;
    while (!stop) {
      flushq(); int wt = qwait(); struct timespec ts = {0, wt > 0 ? 500000000l : (long)-wt * 1000}; int k = epoll_pwait2(ep, ev, 64, &ts, 0); flushq();
      for (int x = 0; x < k; x++) { u8 d[2048]; struct sockaddr_in f; socklen_t fl = sizeof f; int r, id = ev[x].data.u32, fd = id == -1 ? lf : M[id].fd;
        while ((r = recvfrom(fd, d, sizeof d, MSG_DONTWAIT, (void *)&f, &fl)) > 0) {
          fw++; if (loss && rnd() % 10000 < loss * 100) { dr++; continue; } if (r > 600 || qt - qh >= QN) continue;
          struct q *qe = &Q[qt % QN]; qe->at = now_us() + srvdelay; qe->n = r; qe->from = 0; memcpy(qe->d, d, r);
          if (id == -1) { int j; for (j = nm - 1; j >= 0; j--) if (M[j].cl.sin_port == f.sin_port && M[j].cl.sin_addr.s_addr == f.sin_addr.s_addr) break;
            if (j < 0) { if (nm == 4096) continue; j = nm++; M[j].cl = f; M[j].fd = socket(AF_INET, SOCK_DGRAM, 0); connect(M[j].fd, (void *)&tg, sizeof tg); struct epoll_event e2 = {.events = EPOLLIN, .data.u32 = j}; epoll_ctl(ep, EPOLL_CTL_ADD, M[j].fd, &e2); }
            qe->fd = M[j].fd; qe->to.sin_port = 0; } else { qe->fd = lf; qe->to = M[id].cl; }
          qt++; } }
    }
    fprintf(stderr, "forwarded %lu dropped %lu\n", fw, dr);
  }
  return 0;
}
