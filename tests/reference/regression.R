#!/usr/bin/env Rscript
# Reference results of regression, calibration and validation by R (stats, rms, glmnet, pROC). usage: Rscript regression.R OUT.json
suppressPackageStartupMessages({library(rms); library(glmnet); library(pROC)})
out <- commandArgs(TRUE)[1]; set.seed(20240801); n <- 400
d <- data.frame(age = round(rnorm(n, 62, 12), 1), marker = round(exp(rnorm(n, 1, .6)), 3), sex = sample(c("F", "M"), n, TRUE),
                grade = sample(c("G1", "G2", "G3"), n, TRUE, c(.4, .4, .2)), site = sample(1:8, n, TRUE), w = sample(1:3, n, TRUE), off = round(rnorm(n, 0, .3), 3))
lp <- -4.2 + .03 * d$age + .35 * d$marker + .5 * (d$sex == "M") + .6 * (d$grade == "G2") + 1.1 * (d$grade == "G3") + .15 * (d$site - 4)
d$y <- rbinom(n, 1, plogis(lp)); d$sex <- factor(d$sex); d$grade <- factor(d$grade)
ctl <- glm.control(epsilon = 1e-15, maxit = 100)
co <- function(m) list(terms = names(coef(m)), coef = unname(coef(m)), se = unname(sqrt(diag(vcov(m)))), loglik = as.numeric(logLik(m)), null_deviance = m$null.deviance, deviance = m$deviance)
r <- list(data = c(lapply(d[c("age", "marker", "site", "w", "off", "y")], as.numeric), list(sex = as.character(d$sex), grade = as.character(d$grade))))
m <- glm(y ~ age + marker + sex + grade, binomial, d, control = ctl); r$plain <- co(m)
r$interaction <- co(glm(y ~ age + sex * grade, binomial, d, control = ctl))
k <- rcspline.eval(d$age, nk = 4, knots.only = TRUE); r$knots <- lapply(3:7, function(i) rcspline.eval(d$age, nk = i, knots.only = TRUE))
r$knots_tied <- rcspline.eval(round(d$marker), nk = 4, knots.only = TRUE); r$knots_small <- rcspline.eval(d$age[1:60], nk = 5, knots.only = TRUE)
s <- glm(y ~ rcs(age, 4) + sex, binomial, d, control = ctl); r$spline <- co(s); f4 <- lrm(y ~ rcs(age, 4) + sex, d); r$spline$terms <- sub("Intercept", "(Intercept)", sub("sex=M", "sexM", names(coef(f4))))
r$weights_offset <- co(glm(y ~ age + sex + offset(off), binomial, d, weights = w, control = ctl))
X <- model.matrix(m)[, -1]
pen <- diag(c(.5, 2, 3, 3, 3)); b <- rep(0, 6); X1 <- cbind(1, X); P1 <- rbind(0, cbind(0, pen))   # ridge by Newton to full convergence
for (i in 1:50) { mu <- plogis(drop(X1 %*% b)); b <- b + solve(crossprod(X1 * (mu * (1 - mu)), X1) + P1, crossprod(X1, d$y - mu) - P1 %*% b) }
r$ridge <- list(penalty = c(0, diag(pen)), coef = drop(unname(b)), lrm = unname(lrm.fit(X, d$y, penalty.matrix = pen)$coefficients))
firth <- function(X, y) { b <- rep(0, ncol(X)); for (i in 1:500) { mu <- plogis(drop(X %*% b)); W <- mu * (1 - mu); I <- crossprod(X * W, X); V <- solve(I)
  h <- W * rowSums((X %*% V) * X); st <- drop(V %*% crossprod(X, y - mu + h * (.5 - mu))); b <- b + st * min(1, 2 / max(abs(st))); if (max(abs(st)) < 1e-14) break }
  mu <- plogis(drop(X %*% b)); W <- mu * (1 - mu); I <- crossprod(X * W, X)
  list(coef = unname(b), se = unname(sqrt(diag(solve(I)))), penalised = sum(log(ifelse(y == 1, mu, 1 - mu))) + .5 * as.numeric(determinant(I)$modulus)) }
r$firth <- firth(X1, d$y)
sep <- data.frame(x = c(1, 2, 3, 4, 5, 6, 7, 8), z = c(2, 1, 3, 2, 3, 1, 2, 3), y = c(0, 0, 0, 0, 1, 1, 1, 1)); r$firth_separated <- c(as.list(sep), firth(cbind(1, sep$x, sep$z), sep$y))
l <- lrm(y ~ age + marker + sex + grade, d, x = TRUE, y = TRUE); r$vif <- unname(vif(l))
V <- vcov(m); U <- X1 * (d$y - fitted(m)); rc <- function(S) unname(diag(V %*% crossprod(S) %*% V)); r$robust <- rc(U); r$cluster <- rc(rowsum(U, d$site))
if (requireNamespace("sandwich", quietly = TRUE)) r$cluster_sandwich <- unname(diag(sandwich::vcovCL(m, cluster = d$site, type = "HC0", cadjust = FALSE)))
dr <- drop1(m, test = "LRT"); r$lrt <- list(terms = rownames(dr)[-1], chisq = dr$LRT[-1], p = dr[["Pr(>Chi)"]][-1])
wald <- function(i) { bb <- coef(m)[i]; drop(t(bb) %*% solve(V[i, i]) %*% bb) }; r$wald <- c(wald(2), wald(3), wald(4), wald(5:6))
prof <- function(j, side) { o <- coef(m)[j]; se <- sqrt(V[j, j]); f <- function(v) { g <- glm.fit(X1[, -j], d$y, offset = X1[, j] * v, family = binomial(), control = ctl); g$deviance - m$deviance - qchisq(.95, 1) }
  uniroot(f, sort(c(o, o + side * 5 * se)), tol = 1e-13)$root }
r$profile <- lapply(1:6, function(j) c(prof(j, -1), prof(j, 1)))
st <- step(glm(y ~ age + marker + sex + grade + off + w, binomial, d), trace = 0); r$step <- list(terms = attr(terms(st), "term.labels"), aic = AIC(st))
p <- fitted(m); z <- coef(m) %*% t(X1) * .8 + .2; pz <- plogis(drop(z)); r$mis <- list(lp = drop(unname(z)), val_prob = as.list(val.prob(pz, d$y, pl = FALSE)))
lw <- lowess(pz, d$y, iter = 0); r$mis$lowess <- lw$y[seq(1, n, 13)]; e <- abs(lw$y - lw$x); r$mis$e50 <- unname(quantile(e, .5))
r$mis$large <- unname(coef(glm(d$y ~ 1, binomial, offset = drop(z), control = ctl)))
# one bootstrap replicate, given its rows: training and test indexes exactly as validate.lrm computes them, and calibrate's errors
i <- sample(n, n, TRUE); ft <- lrm.fit(X[i, ], d$y[i], tol = 1e-13, maxit = 50); x <- drop(cbind(1, X) %*% ft$coefficients)
g <- glm.fit(X1[i, ], d$y[i], family = binomial(), control = ctl); x <- drop(X1 %*% g$coefficients); q <- glm(d$y ~ x, binomial, control = ctl)
xt <- x[i]; yt <- d$y[i]; lr <- g$null.deviance - g$deviance; n0 <- function(y) { pb <- mean(y); -2 * length(y) * (pb * log(pb) + (1 - pb) * log(1 - pb)) }
tr <- c(somers2(xt, yt)[["Dxy"]], (1 - exp(-lr / n)) / (1 - exp(-n0(yt) / n)), 0, 1, (lr - 1) / n, -2 / n, (lr - 1) / n + 2 / n, mean((yt - plogis(xt))^2), GiniMd(xt), GiniMd(plogis(xt)))
lr2 <- q$null.deviance - q$deviance; L01 <- -2 * sum(d$y * x - log(1 + exp(x))); u <- (L01 - q$deviance - 2) / n
te <- c(somers2(x, d$y)[["Dxy"]], (1 - exp(-lr2 / n)) / (1 - exp(-n0(d$y) / n)), unname(coef(q)), (lr2 - 1) / n, u, (lr2 - 1) / n - u, mean((d$y - plogis(x))^2), GiniMd(coef(q)[2] * x), GiniMd(plogis(coef(q)[1] + coef(q)[2] * x)))
pts <- seq(.1, .8, length = 15); cal <- function(x, y) approx(lowess(plogis(x), y, iter = 0), xout = pts, ties = function(x) x[1])$y - pts
r$replicate <- list(counts = tabulate(i, n), training = tr, test = te, points = pts, cal_training = cal(xt, yt), cal_test = cal(x, d$y))
set.seed(7); v <- unclass(validate(l, B = 1000)); r$validate <- list(index = rownames(v), corrected = unname(v[, "index.corrected"]), original = unname(v[, "index.orig"]))
set.seed(8); v2 <- unclass(validate(l, B = 1000)); r$validate$second <- unname(v2[, "index.corrected"])
set.seed(9); cc <- unclass(calibrate(l, B = 1000)); r$calibrate <- list(predy = unname(cc[, "predy"]), original = unname(cc[, "calibrated.orig"]), corrected = unname(cc[, "calibrated.corrected"]))
g1 <- glmnet(X, d$y, family = "binomial"); g2 <- glmnet(X, d$y, family = "binomial", thresh = 1e-14, maxit = 1e6, lambda = g1$lambda)
r$lasso <- list(lambda = g1$lambda, a0 = unname(g2$a0), beta = unname(apply(as.matrix(g2$beta), 2, function(x) x, simplify = FALSE)), dev = g2$dev.ratio)
g3 <- glmnet(X, d$y, family = "binomial", alpha = .4, lambda = c(.1, .03, .005), thresh = 1e-14, maxit = 1e6); r$net <- list(lambda = g3$lambda, a0 = unname(g3$a0), beta = unname(apply(as.matrix(g3$beta), 2, function(x) x, simplify = FALSE)))
ro <- roc(d$y, pz, quiet = TRUE, direction = "<")
r$roc <- list(partial_spec = as.numeric(auc(ro, partial.auc = c(1, .8))), partial_spec_correct = as.numeric(auc(ro, partial.auc = c(1, .8), partial.auc.correct = TRUE)),
              partial_sens = as.numeric(auc(ro, partial.auc = c(1, .85), partial.auc.focus = "sensitivity")))
jsonlite::write_json(r, out, digits = NA, auto_unbox = TRUE, na = "null", pretty = FALSE)
