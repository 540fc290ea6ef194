# Models fitted by R's rms on generated data, written as bonemet.risk-model/1 documents, with what rms itself predicts and draws.
# Rscript tests/reference/rms_models.R > tests/reference/rms_models.json    (R 4.2, rms 6.5 from Debian)
suppressMessages({library(rms); library(jsonlite)})
set.seed(20260501)
n <- 900
d <- data.frame(
  age = round(runif(n, 25, 88), 1), psa = round(exp(rnorm(n, 2.2, 1)), 2), alp = round(exp(rnorm(n, 4.4, .4))), haemoglobin = round(rnorm(n, 130, 18)),
  sex = factor(sample(c("female", "male"), n, TRUE)), grade = factor(sample(c("I", "II", "III", "IV"), n, TRUE, c(.2, .35, .3, .15))))
eta <- -3.2 + .03 * (d$age - 55) - .0016 * (d$age - 60)^2 + .5 * log(d$psa) + .006 * (d$alp - 80) + .5 * (d$sex == "male") + .02 * (d$age - 55) * (d$sex == "male") + c(0, .3, .7, 1.3)[as.integer(d$grade)]
d$y <- rbinom(n, 1, plogis(eta))
d$time <- rexp(n, .01 * exp(.5 * eta)); censor <- runif(n, 6, 60); d$death <- as.integer(d$time <= censor); d$time <- pmin(d$time, censor)
dd <- datadist(d); options(datadist = "dd")

number <- function(v) { x <- as.numeric(v); names(x) <- NULL; x }
limits <- function(v) number(dd$limits[c("Low", "High"), v])
unit <- c(age = "a", psa = "ng/mL", alp = "U/L", haemoglobin = "g/L")
terms_of <- function(f) {
  b <- coef(f); out <- list(); des <- f$Design
  for (i in seq_along(des$name)) {
    v <- des$name[i]; code <- des$assume.code[i]
    if (code == 1) out <- c(out, list(list(factor = v, kind = "linear", unit = unname(unit[v]), beta = number(b[v]), low = limits(v)[1], high = limits(v)[2])))
    if (code == 4) { k <- number(des$parms[[v]]); cn <- paste0(v, sapply(0:(length(k) - 2), strrep, x = "'"))
      out <- c(out, list(list(factor = v, kind = "spline", unit = unname(unit[v]), knots = k, coefficients = lapply(cn, function(c) list(beta = number(b[c]))), low = limits(v)[1], high = limits(v)[2]))) }
    if (code == 5) { l <- des$parms[[v]]
      out <- c(out, list(list(factor = v, kind = "categorical", levels = lapply(seq_along(l), function(j) if (j == 1) list(level = l[j], reference = TRUE, beta = 0) else list(level = l[j], beta = number(b[paste0(v, "=", l[j])])))))) }
    if (code == 9) { cn <- grep(" * ", names(b), fixed = TRUE, value = TRUE)
      out <- c(out, list(list(factor = v, kind = "interaction", products = lapply(cn, function(c) { p <- strsplit(c, " * ", fixed = TRUE)[[1]]; list(first = p[1], second = p[2], beta = number(b[c])) })))) }
  }
  out
}
document <- function(id, f, family, ...) {
  v <- vcov(f); nm <- sub("^Intercept$", "Intercept", rownames(v))
  c(list(format = "bonemet.risk-model/1", id = id, version = "1.0.0", title = id, cancerType = "prostate", family = family), list(...),
    list(usedAt = "diagnosis", terms = terms_of(f), covariance = list(names = nm, rows = unname(lapply(seq_len(nrow(v)), function(i) number(v[i, ])))),
         cohort = list(description = "generated data", patients = n), evidence = list(citation = "tests/reference/rms_models.R", complete = TRUE),
         intendedUse = "a test", notFor = "anything else"))
}
rows <- d[sample(n, 25), c("age", "psa", "alp", "haemoglobin", "sex", "grade")]
patients <- function(...) lapply(seq_len(nrow(rows)), function(i) c(as.list(lapply(rows[i, ], function(x) if (is.factor(x)) as.character(x) else x)), lapply(list(...), function(x) x[[i]])))
axes <- function(f, ...) {
  g <- nomogram(f, ...); info <- attr(g, "info")
  sets <- list()
  for (k in seq_along(g)) if (!is.null(g[[k]]$points)) sets <- c(sets, list(list(name = names(g)[k], factor = names(g[[k]])[1], values = as.character(g[[k]][[1]]), points = number(g[[k]]$points))))
  list(sets = sets, pointsPerUnit = info$sc, linearPredictorAtZero = number(info$Intercept))
}

f1 <- lrm(y ~ rcs(age, 5) * sex + rcs(psa, 4) + alp + grade, data = d, x = TRUE, y = TRUE)
p1 <- predict(f1, rows, se.fit = TRUE)
f2 <- lrm(y ~ rcs(age, 4) + sex + grade + haemoglobin + rcs(alp, 3), data = d, x = TRUE, y = TRUE)
p2 <- predict(f2, rows, se.fit = TRUE)
f3 <- cph(Surv(time, death) ~ rcs(age, 4) + sex + grade + alp, data = d, x = TRUE, y = TRUE, surv = TRUE)
s0 <- survest(f3, times = c(12, 36), linear.predictors = 0)
lp3 <- number(predict(f3, rows, type = "lp"))
s3 <- survest(f3, rows, times = c(12, 36), se.fit = FALSE, conf.int = FALSE)
s3 <- if (is.list(s3)) s3$surv else s3
bm <- list(event = "bone-metastasis", timing = "synchronous")
out <- list(
  list(document = document("rms-interaction", f1, "logistic", outcome = bm, intercept = list(origin = "fitted", value = number(coef(f1)[1]))),
       patients = patients(lp = number(p1$linear.predictors), se = number(p1$se.fit)), nomogram = axes(f1, fun = plogis)),
  list(document = document("rms-splines", f2, "logistic", outcome = bm, intercept = list(origin = "fitted", value = number(coef(f2)[1]))),
       patients = patients(lp = number(p2$linear.predictors), se = number(p2$se.fit)), nomogram = axes(f2, fun = plogis)),
  list(document = document("rms-survival", f3, "cox", outcome = list(event = "death", timing = "survival", horizonMonths = 12), centre = number(f3$center),
         baseline = list(list(months = 12, survival = number(s0$surv[1])), list(months = 36, survival = number(s0$surv[2])))),
       patients = patients(lp = lp3, survival = lapply(seq_len(nrow(rows)), function(i) number(s3[i, ]))), nomogram = axes(f3)),
  list(pretty = lapply(list(c(0, 100), c(24.3, 87.9), c(0.61, 148.2), c(28, 301), c(-3.7, 2.2), c(0.001, 0.0042), c(-1e5, 3e6), c(99.99, 100.01)), function(r) list(low = r[1], high = r[2], ticks = pretty(r, n = 10)))))
cat(toJSON(out, auto_unbox = TRUE, digits = NA, null = "null"), "\n")
