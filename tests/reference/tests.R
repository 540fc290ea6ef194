#!/usr/bin/env Rscript
# Reference results of group tests and intervals by R. usage: Rscript tests.R OUT.json
out <- commandArgs(TRUE)[1]; set.seed(4)
a <- round(rnorm(30, 5, 2), 3); b <- round(rnorm(41, 6, 3), 3); ta <- round(a); tb <- round(b); la <- round(rnorm(80, 5, 2), 2); lb <- round(rnorm(70, 5.5, 2), 2)
h <- function(t) list(stat = unname(t$statistic), df = if (is.null(t$parameter)) NA else unname(t$parameter), p = t$p.value)
tabs <- list(matrix(c(12, 5, 7, 19), 2), matrix(c(3, 9, 14, 2, 0, 7), 2), matrix(c(4, 1, 7, 2, 8, 3, 6, 5, 2), 3), matrix(c(3, 0, 5, 2, 1, 4, 6, 2, 1, 0, 3, 7), 3))
f <- fisher.test(tabs[[1]]); z <- fisher.test(matrix(c(8, 0, 3, 9), 2))
p <- c(.01, .04, .03, .005, .5, .04)
r <- list(a = a, b = b, la = la, lb = lb, t = h(t.test(a, b, var.equal = TRUE)), welch = h(t.test(a, b)), mw_exact = h(suppressWarnings(wilcox.test(unique(a), setdiff(unique(b), a)))), ua = unique(a), ub = setdiff(unique(b), a),
  mw_ties = h(suppressWarnings(wilcox.test(ta, tb))), mw_large = h(suppressWarnings(wilcox.test(la, lb))), ta = ta, tb = tb,
  tables = lapply(tabs, function(t) lapply(seq_len(nrow(t)), function(i) I(t[i, ]))),
  chi = lapply(tabs, function(t) h(suppressWarnings(chisq.test(t)))), chi_plain = h(chisq.test(tabs[[1]], correct = FALSE)), fisher = lapply(tabs, function(t) fisher.test(t)$p.value),
  fisher22 = list(or = unname(f$estimate), lo = f$conf.int[1], hi = f$conf.int[2]), fisher_zero = list(p = z$p.value, lo = z$conf.int[1]),
  trend = h(prop.trend.test(c(15, 10, 5, 9), c(30, 30, 30, 40))), holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH"), p = p,
  wilson = c(prop.test(17, 60, correct = FALSE)$conf.int), wilson_cc = c(prop.test(17, 60)$conf.int), exact = c(binom.test(17, 60)$conf.int), exact0 = c(binom.test(0, 25)$conf.int))
jsonlite::write_json(r, out, digits = NA, auto_unbox = TRUE, na = "null")
