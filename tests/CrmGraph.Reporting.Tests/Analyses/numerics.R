# The numbers that ComparedWithRTests holds ours against. Run by hand where R is installed: Rscript numerics.R
# (made with R 4.2 and its packages stats alone). The data is made of whole numbers, so that both sides have the same.
options(digits = 12)
chance <- local({ x <- 1; function(n) sapply(seq_len(n), function(i) { x <<- (x * 16807) %% 2147483647; 2 * x / 2147483647 - 1 }) }) # Park and Miller (1988)
t <- 0:59
y <- 200 + 1.5 * t + 20 * sin(2 * pi * t / 12) + cumsum(4 * chance(60)) + 5 * chance(60)

cat("lm\n")
x1 <- 50 + t / 2 + 9 * chance(60)
x2 <- 10 + 3 * chance(60)
fit <- lm(y ~ x1 + x2)
print(summary(fit)$coefficients); print(c(summary(fit)$r.squared, summary(fit)$sigma)); print(confint(fit))

cat("prcomp\n")
rows <- cbind(x1, 300 + 9 * x1 + 80 * chance(60), 1 + (t %% 7))
p <- prcomp(log1p(rows), scale. = TRUE); print(p$sdev^2); print(p$rotation)

cat("kmeans\n")
points <- cbind(30 * chance(60) + 50 * (t %% 3), 15 * chance(60) + 25 * (t %% 2))
for (k in 2:6) { set.seed(1); m <- kmeans(points, k, nstart = 200, iter.max = 100)
  d <- as.matrix(dist(points)); s <- sapply(seq_along(m$cluster), function(i) { own <- m$cluster == m$cluster[i]
    a <- sum(d[i, own]) / (sum(own) - 1); b <- min(sapply(setdiff(unique(m$cluster), m$cluster[i]), function(o) mean(d[i, m$cluster == o]))); (b - a) / max(a, b) })
  cat(k, m$tot.withinss, mean(s), "\n") }

cat("HoltWinters from the same start\n")
first <- mean(y[1:12]); b <- (mean(y[13:24]) - first) / 12
start <- list(l = first + b * 11 / 2, b = b, s = y[1:12] - (first + b * (0:11 - 11 / 2)))
best <- NULL
for (a in c(.1, .3, .6, .9)) for (be in c(.02, .1, .3)) for (g in c(.1, .5)) {
  h <- tryCatch(HoltWinters(ts(y, frequency = 12), l.start = start$l, b.start = start$b, s.start = start$s, optim.start = c(alpha = a, beta = be, gamma = g)), error = function(e) NULL)
  if (!is.null(h) && (is.null(best) || h$SSE < best$SSE)) best <- h }
print(c(best$alpha, best$beta, best$gamma, SSE = best$SSE)); print(as.numeric(predict(best, 12)))
cat("by itself\n")
h <- HoltWinters(ts(y, frequency = 12)); print(c(h$alpha, h$beta, h$gamma, SSE = h$SSE)); print(as.numeric(predict(h, 12)))
cat("Holt\n")
h <- HoltWinters(ts(y), gamma = FALSE, l.start = y[1], b.start = y[2] - y[1]); print(c(h$alpha, h$beta, SSE = h$SSE)); print(as.numeric(predict(h, 3)))
