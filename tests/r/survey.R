# What R's survey package says of a survey that a fixed rule makes (rulings 34-36).
#
#   Rscript survey.R DIRECTORY    writes DIRECTORY/survey.csv, the respondents, and DIRECTORY/survey-expected.csv
#
# Degrees of freedom are primary units less strata of the full design. An empty cell is one that R cannot compute.
suppressMessages(library(survey))
directory <- commandArgs(TRUE)[1]

# The respondents. Wave 2020 has a stratum with one primary unit, in which nobody is of group c; all of group d are satisfied
# in 2019, and none in 2017.
i <- 1:360
wave <- c(2017, 2019, 2020)[(i - 1) %/% 120 + 1]
stratum <- ifelse(wave == 2020 & i %% 20 == 0, 5, (i * 7 + i %/% 9) %% 4 + 1)
cluster <- ifelse(stratum == 5, 1, (i * i + i %/% 5) %% (stratum + 3) + 1)
weight <- ifelse(i %% 29 == 0, 0, 0.35 + (i * 37) %% 101 / 40)
group <- c("a", "b", "c", "a", "b", "a", "b", "c", "a", "b", "d")[(i * 5) %% 11 + 1]
group[stratum == 5 & group == "c"] <- "b"
answer <- c("very", "fairly", "little", "not", "very", "unknown", "fairly", "fairly", "little")[(i * i * 13 + i * 5 + wave) %% 101 %% 9 + 1]
answer[group == "d"] <- ifelse(wave[group == "d"] == 2017, "little", "very")
answer[(i * 19) %% 23 < 2] <- NA
respondents <- data.frame(wave, stratum, cluster = paste0(stratum, "-", cluster), weight, group, answer)

header <- function() {
  paste0("# ", R.version$version.string, ", survey ", packageVersion("survey"), "; made by tests/r/survey.R")
}
write <- function(table, name) {
  number <- function(column) if (is.numeric(column)) ifelse(is.na(column), "", sprintf("%.15g", column)) else column
  connection <- file(file.path(directory, name), "wb")
  on.exit(close(connection))
  if (name != "survey.csv") writeLines(header(), connection)
  table <- as.data.frame(lapply(table, number))
  write.table(table, connection, sep = ",", quote = FALSE, row.names = FALSE, na = "", eol = "\n")
}

designs <- list(
  full = function(x) svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = x, nest = TRUE),
  strata = function(x) svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = x),
  clusters = function(x) svydesign(ids = ~cluster, weights = ~weight, data = x),
  weights = function(x) svydesign(ids = ~1, weights = ~weight, data = x),
  none = function(x) svydesign(ids = ~1, weights = ~one, data = x)
)
# Primary units less strata of the full design: degf(design), but that R leaves primary units of weight zero out.
degrees <- function(design) {
  length(unique(design$cluster[, 1])) - length(unique(design$strata[, 1]))
}

estimate <- function(year, kind, lonely, counted, domain, level) {
  options(survey.lonely.psu = lonely)
  x <- respondents[respondents$wave == year, ]
  x$y <- as.numeric(x$answer %in% counted)
  x$one <- 1
  x$inside <- !is.na(x$answer) & (domain == "all" | x$group == domain)
  design <- designs[[kind]](x)
  df <- degrees(design)
  inside <- subset(design, inside)
  w <- weights(inside)
  p <- sum(w * inside$variables$y) / sum(w)
  se <- tryCatch(as.numeric(SE(svymean(~y, inside))), error = function(e) NA)
  ends <- c(NA, NA)
  if (!is.na(se) && df >= 1) {
    n <- sum(w)^2 / sum(w^2)
    alpha <- (1 - level) / 2
    ends <- if (p == 0) c(0, qbeta(1 - alpha, 1, n)) else if (p == 1) c(qbeta(alpha, n, 1), 1) else
      suppressWarnings(as.numeric(confint(svyciprop(~y, inside, method = "logit", level = level, df = df)))) # of weights of zero
  }
  data.frame(
    what = "proportion", wave = year, design = kind, lonely, counted = paste(counted, collapse = "+"), domain, level,
    value = p, standard_error = se, lower = ends[1], upper = ends[2], p_value = NA,
    degrees = df, base = sum(x$inside), effective_base = sum(w)^2 / sum(w^2)
  )
}

# Differences with a normal interval: of two groups of one wave, and of a group in two waves that are strata of one design.
difference <- function(what, year, kind, domain, contrast, by, x) {
  options(survey.lonely.psu = "fail")
  x$y <- as.numeric(x$answer %in% c("very", "fairly"))
  x$one <- 1
  means <- svyby(~y, by, subset(designs[[kind]](x), !is.na(answer)), svymean, covmat = TRUE)
  found <- svycontrast(means, contrast)
  d <- as.numeric(coef(found))
  se <- as.numeric(SE(found))
  data.frame(
    what, wave = year, design = kind, lonely = "fail", counted = "very+fairly", domain, level = 0.95,
    value = d, standard_error = se, lower = d - qnorm(0.975) * se, upper = d + qnorm(0.975) * se, p_value = 2 * pnorm(-abs(d / se)),
    degrees = NA, base = NA, effective_base = NA
  )
}
groups <- function(kind, first, second) {
  contrast <- setNames(c(1, -1), c(first, second))
  difference("groups", 2019, kind, paste0(first, "-", second), contrast, ~group, respondents[respondents$wave == 2019, ])
}
waves <- function(kind, domain) {
  x <- respondents[respondents$wave != 2020, ]
  x$stratum <- paste(x$wave, x$stratum)
  x$cluster <- paste(x$wave, x$cluster)
  x$answer[domain != "all" & x$group != domain] <- NA
  difference("waves", 2019, kind, domain, c("2017" = -1, "2019" = 1), ~wave, x)
}

satisfied <- c("very", "fairly")
rows <- list()
add <- function(row) rows[[length(rows) + 1]] <<- row
for (year in c(2017, 2019)) for (kind in names(designs)) for (domain in c("all", "a", "b", "c", "d")) {
  add(estimate(year, kind, "fail", satisfied, domain, 0.95))
}
for (domain in c("all", "a")) add(estimate(2019, "full", "fail", "very", domain, 0.9))
for (lonely in c("fail", "adjust", "certainty", "average")) for (domain in c("all", "a", "b", "c", "d")) {
  add(estimate(2020, "full", lonely, satisfied, domain, 0.95))
}
for (kind in names(designs)) for (pair in list(c("a", "b"), c("a", "c"), c("c", "d"))) add(groups(kind, pair[1], pair[2]))
for (kind in c("full", "strata")) for (domain in c("all", "a", "c")) add(waves(kind, domain))

write(respondents, "survey.csv")
write(do.call(rbind, rows), "survey-expected.csv")
