# What R says of quantiles of numbers that a fixed rule makes.
#
#   Rscript quantile.R DIRECTORY    writes DIRECTORY/quantile.csv, the numbers, and DIRECTORY/quantile-expected.csv
directory <- commandArgs(TRUE)[1]

# Groups of 1 to 200 numbers: some with ties, some negative, one with numbers of very different sizes.
sizes <- c(a = 1, b = 2, c = 3, d = 10, e = 30, f = 97, g = 200)
group <- rep(names(sizes), sizes)
i <- seq_along(group)
days <- ((i * 7919) %% 101) / 4 - 3
days[group == "e"] <- (i[group == "e"] * 13) %% 7
days[group == "f"] <- 2^((i[group == "f"] * 29) %% 41 - 20)
numbers <- data.frame(group, days = sprintf("%.17g", days))
write.csv(numbers, file.path(directory, "quantile.csv"), row.names = FALSE, quote = FALSE)

asked <- c(0, 0.001, 0.05, 0.1, 0.25, 0.3, 0.5, 0.7, 0.75, 0.9, 0.95, 0.999, 1)
expected <- do.call(rbind, lapply(names(sizes), function(name) {
  do.call(rbind, lapply(c(2, 6, 7), function(method) {
    value <- quantile(days[group == name], asked, type = method, names = FALSE)
    data.frame(group = name, method, q = asked, value = sprintf("%.17g", value))
  }))
}))
file <- file(file.path(directory, "quantile-expected.csv"), "w")
writeLines(paste0("# ", R.version$version.string, "; made by tests/r/quantile.R"), file)
write.csv(expected, file, row.names = FALSE, quote = FALSE)
close(file)
