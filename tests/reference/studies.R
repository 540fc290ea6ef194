#!/usr/bin/env Rscript
# Whole studies on data with ties, few events and odd level names, as R has them. usage: Rscript studies.R studies.json
suppressPackageStartupMessages({library(rms); library(survival); library(glmnet)})
set.seed(20261)
n <- 300
d <- data.frame(age = sample(seq(50, 70, 5), n, TRUE), grade = sample(c("low", "mid", "High \"3\"", "zero, none"), n, TRUE), smoker = rbinom(n, 1, 0.5), marker = round(rnorm(n), 1), centre = sample(c("A", "B", "C"), n, TRUE))
lp <- -2.4 + 0.05 * (d$age - 60) + 0.5 * (d$grade == "High \"3\"") + 0.7 * d$smoker + 0.4 * d$marker
d$event <- rbinom(n, 1, plogis(lp))
death <- ceiling(12 * rexp(n, 0.05 * exp(0.3 * lp))) / 2; censored <- sample(1:60, n, TRUE)
d$time <- pmin(death, censored); d$status <- as.integer(death <= censored)
csv <- paste(capture.output(write.csv(d, row.names = FALSE)), collapse = "\n")
d <- read.csv(text = csv, stringsAsFactors = TRUE)
res <- list(csv = paste0(csv, "\n"))
f <- event ~ age + grade + smoker + marker + centre
g <- glm(f, binomial, d, control = glm.control(epsilon = 1e-14, maxit = 50))
l <- lrm(f, d); keep <- c("Obs", "Model L.R.", "d.f.", "P", "C", "Dxy", "Gamma", "Tau-a", "R2", "Brier", "g", "gr", "gp")
res$lrm <- as.list(c(l$stats[keep], l$stats[grep("^R2\\(", names(l$stats))]))
v <- val.prob(fitted(g), d$event, pl = FALSE)
res$val_prob <- as.list(v[c("Dxy", "C (ROC)", "R2", "D", "D:Chi-sq", "U", "Q", "Brier", "Slope", "Emax", "E90", "Eavg", "S:z", "S:p")])
X <- model.matrix(f, d)[, -1]; lam <- c(.05, .02, .01, .003)
res$glmnet <- lapply(c(1, .5, 0), function(a) { m <- glmnet(X, d$event, family = "binomial", alpha = a, lambda = lam, thresh = 1e-14, maxit = 1e7); list(alpha = a, intercept = unname(m$a0), terms = rownames(m$beta), beta = unname(as.matrix(m$beta))) })
res$grid <- glmnet(X, d$event, family = "binomial")$lambda
res$cox <- lapply(c("efron", "breslow"), function(t) { m <- coxph(Surv(time, status) ~ age + grade + smoker + marker, d, ties = t, control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)); z <- cox.zph(m)$table
  list(ties = t, term = names(coef(m)), coef = unname(coef(m)), se = unname(sqrt(diag(vcov(m)))), loglik = m$loglik, zph = unname(z[, 1])) })
k <- summary(survfit(Surv(time, status) ~ centre, d), times = c(6, 12, 24)); res$km <- list(surv = k$surv, lower = k$lower, upper = k$upper)
res$logrank <- survdiff(Surv(time, status) ~ centre, d)$chisq
res$association <- list(spearman = abs(cor(d$age, d$marker, method = "spearman")), cramer = sqrt(unname(suppressWarnings(chisq.test(table(d$grade, d$centre), correct = FALSE))$statistic) / (n * 2)),
  eta = sqrt(summary(lm(marker ~ grade, d))$r.squared))
jsonlite::write_json(res, commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE, na = "null")
