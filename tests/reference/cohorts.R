#!/usr/bin/env Rscript
# Reference values of the cohort studies from R. usage: Rscript cohorts.R > cohorts.json (also writes nothing else)
suppressPackageStartupMessages({library(rms); library(pROC); library(jsonlite)})
set.seed(11); n <- 400
d <- data.frame(age = round(rnorm(n, 60, 10), 1), marker = round(exp(rnorm(n, 1, .6)), 2), sex = sample(c("male", "Female"), n, TRUE), stage = sample(c("T1", "T2", "T3"), n, TRUE, c(.5, .3, .2)), site = sample(c("A", "B", "C"), n, TRUE), stringsAsFactors = TRUE)
d$bm <- rbinom(n, 1, plogis(-3 + .03 * d$age + .25 * d$marker + .5 * (d$sex == "male") + .6 * (d$stage == "T3"))); d$smoker <- rbinom(n, 1, .4) == 1
miss <- sample(n, 20); csv <- d; csv$marker[miss] <- NA
g <- function(f, data = d) { m <- glm(f, binomial, data, control = glm.control(epsilon = 1e-14, maxit = 50)); s <- summary(m)$coefficients
  list(term = rownames(s), coef = unname(s[, 1]), se = unname(s[, 2]), loglik = as.numeric(logLik(m)), aic = AIC(m), auc = as.numeric(auc(roc(m$y, fitted(m), quiet = TRUE, direction = "<"))), n = length(m$y)) }
k <- rcspline.eval(d$age, nk = 4, knots.only = TRUE); B <- rcspline.eval(d$age, knots = k, inclx = TRUE); colnames(B) <- c("age", "age'", "age''"); sp <- cbind(d, B[, -1])
out <- list(session = R.version.string, csv = paste(capture.output(write.csv(csv, row.names = FALSE, na = "")), collapse = "\n"),
  plain = g(bm ~ age + marker + sex + stage + smoker, csv), product = g(bm ~ age + sex + age:sex, csv), spline = list(knots = k, fit = g(bm ~ age + `age'` + `age''` + sex, sp)), levels = lapply(d[c("sex", "stage", "site")], levels))
m <- sapply(levels(d$site), function(s) { x <- summary(glm(bm ~ age + sex, binomial, d[d$site == s, ], control = glm.control(epsilon = 1e-14)))$coefficients["age", 1:2]; x })
w <- 1 / m[2, ]^2; est <- sum(w * m[1, ]) / sum(w); q <- sum(w * (m[1, ] - est)^2); tau <- max(0, (q - 2) / (sum(w) - sum(w^2) / sum(w)))
nll <- function(t) { v <- m[2, ]^2 + t; b <- sum(m[1, ] / v) / sum(1 / v); .5 * (sum(log(v)) + log(sum(1 / v)) + sum((m[1, ] - b)^2 / v)) }
out$strata <- list(est = unname(m[1, ]), se = unname(m[2, ]), pooled = est, se_pooled = sqrt(1 / sum(w)), q = q, tau2_dl = tau, tau2_reml = optimize(nll, c(0, 1), tol = 1e-12)$minimum)
e <- c(.21, .85, .46, .62, 1.1); s <- c(.1, .15, .12, .2, .25); w <- 1 / s^2; b <- sum(w * e) / sum(w); q <- sum(w * (e - b)^2)
nll <- function(t) { v <- s^2 + t; b <- sum(e / v) / sum(1 / v); .5 * (sum(log(v)) + log(sum(1 / v)) + sum((e - b)^2 / v)) }
out$pool <- list(est = e, se = s, common = b, q = q, p = pchisq(q, 4, lower.tail = FALSE), i2 = (q - 4) / q, tau2_dl = (q - 4) / (sum(w) - sum(w^2) / sum(w)), tau2_reml = optimize(nll, c(0, 2), tol = 1e-12)$minimum)
x <- rbind(c(1, .9, .8, .7), c(1, .85, .75, .6), c(.9, .5, .3, .2), c(.8, .45, .3, .1), c(.6, .2, .05, .01)); h <- hclust(dist(x) / 2, "ward.D2")   # root mean square over 4 times = Euclidean / 2
out$ward <- list(profiles = x, height = h$height, cut3 = cutree(h, 3))
cat(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), "\n")
