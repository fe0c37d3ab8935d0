using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Analyses.Abc;
using CrmGraph.Reporting.Analyses.Behaviour;
using CrmGraph.Reporting.Analyses.LifetimeValue;
using CrmGraph.Reporting.Analyses.Rfm;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Analyses.Scores;

/// <summary>From purchases and models to the scores of every customer. No database here.</summary>
internal static class CustomerScorer
{
    /// <param name="purchases">Of all customers, all of the past.</param>
    /// <exception cref="GraphQL.Errors.GraphQLException">MIXED_CURRENCY.</exception>
    public static List<CustomerScores> Of(IReadOnlyList<Guid> customers, Purchases purchases, DayRange days, ScoreModels models)
    {
        var rfm = RfmScoring.Score(purchases.All, p => purchases.Value(p), days.Until.AddDays(-1)).ToDictionary(c => c.CustomerId);
        var hasFifths = rfm.Count >= RfmScoring.LeastCustomers;
        var classes = AbcQueries.Ranked(purchases, AbcSubject.Customers).ToDictionary(i => i.Id, i => i.Class);
        var clusters = models.Clusters is { } model
            ? CustomerBehaviour.Of(purchases, days).ToDictionary(b => b.Customer, model.NumberOf)
            : [];
        var predictions = Predictions(purchases, days, models.Lifetime);
        return [.. customers.Select(id =>
        {
            var scores = new CustomerScores { CustomerId = id };
            if (hasFifths)
                scores.RfmGroup = RfmGroup.Prospects;
            if (hasFifths && rfm.GetValueOrDefault(id) is { } scored)
                (scores.RecencyScore, scores.FrequencyScore, scores.MonetaryScore, scores.RfmGroup) = (scored.R, scored.F, scored.M, scored.Group);
            scores.ValueClass = classes.TryGetValue(id, out var worth) ? worth : null;
            scores.Cluster = clusters.TryGetValue(id, out var cluster) ? cluster : null;
            if (predictions.TryGetValue(id, out var years))
                Predict(scores, years);
            return scores;
        })];
    }

    /// <summary>Of one, two and three years.</summary>
    private static Dictionary<Guid, LifetimePrediction[]> Predictions(Purchases purchases, DayRange days, LifetimeFit? fit)
    {
        if (fit is null)
            return [];
        var predictor = new LifetimePredictor(fit.Buying, fit.Spending, LifetimeFit.Unit);
        var year = LifetimePredictor.YearOf(LifetimeFit.Unit);
        var bought = LifetimeHistories.Days(purchases.All.Where(p => p.IsSale), p => purchases.Value(p));
        // Equal histories are expected to go on alike: most customers share theirs with others.
        var known = new Dictionary<(PurchaseHistory, MeanSpend), LifetimePrediction[]>();
        return LifetimeHistories.AsOf(bought, days.Until, LifetimeFit.Unit).ToDictionary(h => h.Customer, h =>
        {
            if (!known.TryGetValue((h.Buying, h.Spending), out var years))
                known[(h.Buying, h.Spending)] = years =
                    [.. Enumerable.Range(1, 3).Select(n => predictor.Of(h, n * year, LifetimePredictor.UsualDiscountRate))];
            return years;
        });
    }

    private static void Predict(CustomerScores scores, LifetimePrediction[] years)
    {
        scores.ProbabilityAlive = Chance(years[0].ProbabilityAlive);
        scores.ExpectedOrders = Chance(years[0].ExpectedOrders);
        scores.PredictedValue = Money(years[0].Value);
        scores.PredictedValueTwoYears = Money(years[1].Value);
        scores.PredictedValueThreeYears = Money(years[2].Value);
    }

    /// <summary>Null where it is no number, or none that fits.</summary>
    private static long? Chance(double value) =>
        double.IsFinite(value) && Math.Abs(value) < 1e9 ? FixedPoint.FromDecimal((decimal)value, CustomerScores.ChanceDigits) : null;

    private static long? Money(decimal? value) => value is { } v and < 900_000_000_000_000m ? FixedPoint.FromDecimal(v) : null;
}
