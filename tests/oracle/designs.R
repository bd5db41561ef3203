suppressMessages(library(survey)); options(digits=15)
j <- function(x) paste0("[", paste(format(x, digits=15, trim=TRUE), collapse=", "), "]")
strat <- read.csv("apistrat.csv")
one <- strat[c(which(strat$stype=="E"), which(strat$stype=="M"), which(strat$stype=="H")[1]),]
cat('{\n"made_by": "R', as.character(getRversion()), 'survey', as.character(packageVersion("survey")), '",\n')
cat('"lonely": {\n'); sep <- ""
for (o in c("adjust","average","remove","certainty")) {
  options(survey.lonely.psu=o)
  d <- svydesign(id=~1, strata=~stype, weights=~pw, data=one)
  m <- svymean(~api00+meals, d); t <- svytotal(~api00, d)
  cat(sep, '"', o, '": {"mean": ', j(coef(m)), ', "se": ', j(SE(m)), ', "total_se": ', j(SE(t)), ', "df": ', degf(d), '}\n', sep=""); sep <- ","
}
cat('},\n"replicates": {\n'); options(survey.lonely.psu="fail")
data(scd); scd$weights <- 1
des <- svydesign(data=scd, prob=~1, id=~ambulance, strata=~ESA, nest=TRUE)
sep <- ""
emit <- function(name, r, mse=FALSE) {
  w <- weights(r, "analysis")
  m <- svyratio(~alive, ~arrests, r); s <- svymean(~alive+arrests, r); t <- svytotal(~alive, r); 
  cat(sep, '"', name, '": {"scale": ', format(r$scale, digits=15), ', "rscales": ', j(r$rscales), ', "mse": ', tolower(as.character(isTRUE(r$mse))), ', "weights": [', paste(apply(w,1,j), collapse=", "), '], "ratio": ', j(coef(m)), ', "ratio_se": ', j(SE(m)), ', "mean": ', j(coef(s)), ', "mean_se": ', j(SE(s)), ', "covariance": ', j(as.vector(vcov(s))), ', "total_se": ', j(SE(t)), ', "df": ', degf(r), '}\n', sep=""); sep <<- ","
}
emit("JKn", as.svrepdesign(des, type="JKn"))
emit("JK1", as.svrepdesign(svydesign(data=scd, prob=~1, id=~1), type="JK1"))
emit("BRR", as.svrepdesign(des, type="BRR"))
emit("Fay", as.svrepdesign(des, type="Fay", fay.rho=0.3))
emit("Fay_mse", as.svrepdesign(des, type="Fay", fay.rho=0.3, mse=TRUE))
set.seed(4); emit("bootstrap", as.svrepdesign(des, type="bootstrap", replicates=12))
cat('},\n"data": {"alive": ', j(scd$alive), ', "arrests": ', j(scd$arrests), '}\n}\n')
