#!/usr/bin/env Rscript
# Reference values of distributions by R. usage: Rscript distributions.R OUT.json
out <- commandArgs(TRUE)[1]
q <- c(1e-10, 1e-4, .025, .3, .5, .77, .975, .99999)
x <- c(-38, -12.5, -5.2, -4.9, -1, -.3, 0, .2, .7, 2.5, 4.99, 5.01, 9, 30)
chi <- expand.grid(x = c(.001, .5, 3.84, 25, 200, 1200), df = c(1, 2, 5.5, 30, 400))
tt <- expand.grid(x = c(.001, .5, 2, 12, 300), df = c(1, 2.7, 10, 5000))
ff <- expand.grid(x = c(.01, .9, 3, 50), a = c(1, 4, 60), b = c(2, 15.5, 900))
bb <- expand.grid(x = c(1e-4, .2, .5, .93), a = c(.5, 3, 180), b = c(.7, 12, 95))
res <- list(
  normal = list(x = x, upper = pnorm(x, lower.tail = FALSE), q = q, quantile = qnorm(q)),
  chisq = list(x = chi$x, df = chi$df, upper = pchisq(chi$x, chi$df, lower.tail = FALSE), lower = pchisq(chi$x, chi$df), quantile = c(outer(q, c(1, 2, 5.5, 30, 400), qchisq)), q = q, qdf = c(1, 2, 5.5, 30, 400)),
  t = list(x = tt$x, df = tt$df, upper = pt(tt$x, tt$df, lower.tail = FALSE), q = q, qdf = c(1, 2.7, 10, 5000), quantile = c(outer(q, c(1, 2.7, 10, 5000), qt))),
  f = list(x = ff$x, a = ff$a, b = ff$b, upper = pf(ff$x, ff$a, ff$b, lower.tail = FALSE), lower = pf(ff$x, ff$a, ff$b)),
  beta = list(x = bb$x, a = bb$a, b = bb$b, upper = pbeta(bb$x, bb$a, bb$b, lower.tail = FALSE), lower = pbeta(bb$x, bb$a, bb$b), q = q, quantile = sapply(q, function(p) qbeta(p, 3, 12))),
  lgamma = list(x = c(.01, .3, 1, 1.5, 2, 7.7, 14.9, 15, 100, 12345.6), value = lgamma(c(.01, .3, 1, 1.5, 2, 7.7, 14.9, 15, 100, 12345.6))))
jsonlite::write_json(res, out, digits = NA, auto_unbox = TRUE, na = "null")
