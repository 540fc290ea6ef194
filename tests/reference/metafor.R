# Effects of strata pooled by metafor: Rscript tests/reference/metafor.R tests/reference/metafor.json
suppressPackageStartupMessages({library(metafor); library(jsonlite)})
set.seed(20260101)
one <- function(k, tau) {
  se <- round(runif(k, .08, .5), 4); y <- round(rnorm(k, .4, sqrt(se^2 + tau^2)), 4)
  common <- rma(y, sei = se, method = "EE"); dl <- rma(y, sei = se, method = "DL")
  reml <- rma(y, sei = se, method = "REML", control = list(threshold = 1e-12, maxiter = 1000))
  list(y = y, se = se, common = as.numeric(common$b), common_se = common$se, q = common$QE, q_p = common$QEp, i2 = dl$I2 / 100, tau2_dl = dl$tau2, tau2_reml = reml$tau2,
       random = as.numeric(reml$b), random_se = reml$se)
}
out <- mapply(one, c(2, 3, 4, 6, 8, 12, 20, 40), c(.3, 0, .2, .5, .1, 1, .3, .05), SIMPLIFY = FALSE)
write_json(list(versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor"))), sets = out), commandArgs(TRUE)[1], digits = NA, auto_unbox = TRUE)
