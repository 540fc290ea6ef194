#!/usr/bin/env Rscript
# Reference values of shared/Statistics/Survival from R's survival. usage: Rscript survival.R > survival.json
suppressPackageStartupMessages({library(survival); library(jsonlite)})
set.seed(20241123); n <- 240
d <- data.frame(x1 = round(rnorm(n), 3), x2 = rbinom(n, 1, .4), x3 = round(runif(n, 0, 5), 2), site = sample(0:2, n, TRUE))
d$g2 <- as.integer(d$site == 1); d$g3 <- as.integer(d$site == 2)
h <- exp(.5 * d$x1 + .6 * d$x2 - .2 * d$x3); t1 <- rexp(n, .05 * h); t2 <- rexp(n, .03); cc <- runif(n, 2, 40)
d$time <- pmax(.5, round(pmin(t1, t2, cc) * 2) / 2)                       # halves of a month: many ties
d$cause <- ifelse(cc < pmin(t1, t2), 0, ifelse(t1 <= t2, 1, 2)); d$status <- as.integer(d$cause == 1)
d$off <- round(rnorm(n, 0, .3), 3); d$w <- round(runif(n, .5, 2), 2)
fit <- function(m) { s <- summary(m); list(coef = unname(coef(m)), se = unname(sqrt(diag(vcov(m)))), vcov = unname(vcov(m)), loglik = m$loglik, score = m$score, wald = unname(m$wald.test),
  concordance = unname(s$concordance)) }
S <- Surv(d$time, d$status); m <- coxph(S ~ x1 + x2 + x3 + g2 + g3, d)
km <- function(type) { k <- survfit(S ~ 1, conf.type = type); list(time = k$time, surv = k$surv, se = k$std.err * k$surv, lower = k$lower, upper = k$upper) }
z <- function(m, ...) { z <- cox.zph(m, ...)$table; list(term = rownames(z), chisq = unname(z[, 1]), df = unname(z[, 2]), p = unname(z[, 3])) }
fg <- finegray(Surv(time, factor(cause)) ~ x1 + x2 + x3, d, etype = "1")
f <- coxph(Surv(fgstart, fgstop, fgstatus) ~ x1 + x2 + x3, weights = fgwt, data = fg, ties = "breslow", robust = FALSE, control = coxph.control(eps = 1e-14, iter.max = 50))
ci <- survfit(Surv(time, factor(cause)) ~ 1, d)
G <- survfit(Surv(d$time, 1 - d$status) ~ 1); gb <- function(t) { i <- findInterval(t, G$time, left.open = TRUE); c(1, G$surv)[i + 1] }
auc <- function(h, marker) { a <- which(d$time <= h & d$status == 1); b <- which(d$time > h); num <- den <- 0
  for (i in a) for (j in b) { w <- 1 / gb(d$time[i]); den <- den + w; num <- num + w * ((marker[i] > marker[j]) + .5 * (marker[i] == marker[j])) }; num / den }
out <- list(session = list(R = R.version.string, survival = as.character(packageVersion("survival"))), data = as.list(d),
  efron = fit(m), breslow = fit(coxph(S ~ x1 + x2 + x3 + g2 + g3, d, ties = "breslow")), strata = fit(coxph(S ~ x1 + x2 + x3 + strata(site), d)),
  offset = fit(coxph(S ~ x1 + x2 + offset(off), d)), weights = fit(coxph(S ~ x1 + x2 + x3, d, weights = w, robust = FALSE)),
  basehaz = as.list(basehaz(m)), basehaz0 = as.list(basehaz(m, centered = FALSE)), zph = z(m), zph_terms = z(coxph(S ~ x1 + x2 + x3 + factor(site), d)), zph_strata = z(coxph(S ~ x1 + x2 + x3 + strata(site), d)),
  km = list(log = km("log"), loglog = km("log-log"), plain = km("plain"), median = unname(summary(survfit(S ~ 1))$table["median"])),
  logrank = list(chisq = survdiff(S ~ site, d)$chisq, exp = survdiff(S ~ site, d)$exp, chisq_strata = survdiff(S ~ x2 + strata(site), d)$chisq),
  finegray = list(coef = unname(coef(f)), se = unname(sqrt(diag(vcov(f)))), loglik = f$loglik),
  incidence = list(time = ci$time, prob = ci$pstate[, 2], se = ci$std.err[, 2]),
  auc = list(horizon = c(5, 10, 20), value = sapply(c(5, 10, 20), auc, marker = d$x1)))
cat(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), "\n")
