using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Analyses.Scores;

/// <summary>
/// Of when the kept scores of customers are, and by which models: BG/NBD and Gamma-Gamma in weeks, and k-means, fitted to all customers once a day.
/// </summary>
/// <param name="AsOf">The moment of the data that all scores are of.</param>
/// <param name="Day">The day of that moment in the reporting time zone.</param>
/// <param name="Currency">The ISO 4217 code of predicted values; null if there are none.</param>
/// <param name="Reason">Why no customer has scores; null if they have.</param>
/// <param name="FittedAt">When the models were fitted; null if there are none.</param>
/// <param name="Customers">The number of customers that the lifetime model was fitted to; null if there is none, as are its parameters.</param>
/// <param name="RepeatCustomers">Of these, the number with a second purchase.</param>
/// <param name="R">Shape of the purchase rates.</param>
/// <param name="Alpha">Scale of the purchase rates, in weeks.</param>
/// <param name="A">First shape of the chances to leave.</param>
/// <param name="B">Second shape of the chances to leave.</param>
/// <param name="LogLikelihood">Of BG/NBD.</param>
/// <param name="P">Shape of the values of one customer's purchases; null if values could not be fitted, as are `q` and `v`.</param>
/// <param name="Q">Shape of the mean values among customers.</param>
/// <param name="V">Scale of the mean values, in money.</param>
/// <param name="HoldoutError">As of `lifetimeValueModel`.</param>
/// <param name="NoLifetimeModel">Why there is no lifetime model; null if there is one.</param>
/// <param name="Clusters">The number of clusters; null if there are none.</param>
/// <param name="Silhouette">From -1 to 1: how much nearer customers are to their own cluster than to the next one.</param>
/// <param name="NoClusters">Why there are no clusters; null if there are some.</param>
[GraphQLName("CustomerScoring")]
public sealed record ScoringState(
    DateTime AsOf, DateOnly Day, string? Currency, string? Reason, DateTime? FittedAt, int? Customers, int? RepeatCustomers, double? R, double? Alpha,
    double? A, double? B, double? LogLikelihood, double? P, double? Q, double? V, double? HoldoutError, string? NoLifetimeModel, int? Clusters,
    double? Silhouette, string? NoClusters)
{
    /// <summary>For whom models of so few customers are not to be told.</summary>
    internal ScoringState WithoutModels() => new(
        AsOf, Day, Currency, Reason, FittedAt, null, null, null, null, null, null, null, null, null, null, null, NoLifetimeModel, null, null, NoClusters);

    internal static async Task<ScoringState?> ReadAsync(CrmDbContext database, CancellationToken cancellationToken)
    {
        var state = await database.CustomerScoring.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (state is not { AsOf: { } asOf, ScoredDay: { } day })
            return null;
        var models = state.Models is { } text ? JsonSerializer.Deserialize<ScoreModels>(text) : null;
        var (fit, clusters) = (models?.Lifetime, models?.Clusters);
        return new(
            asOf, day, state.Currency, state.Reason, models?.FittedAt, fit?.Customers, fit?.RepeatCustomers, fit?.Buying.R, fit?.Buying.Alpha, fit?.Buying.A,
            fit?.Buying.B, fit?.LogLikelihood, fit?.Spending?.P, fit?.Spending?.Q, fit?.Spending?.V, fit?.HoldoutError, models?.NoLifetime,
            clusters?.Centres.Count, clusters?.Silhouette, models?.NoClusters);
    }
}

[QueryType]
public static class ScoreQueries
{
    /// <summary>
    /// Of when the kept scores of customers are (`rfmGroup`, `valueClass`, `cluster`, `probabilityAlive`, `predictedValue` and others), and by which
    /// models; null before they were first computed. They are computed anew when orders change, and every day.
    /// </summary>
    [Authorize(Roles = [nameof(Role.Viewer), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static async Task<ScoringState?> GetCustomerScoringAsync(ResolverContext context)
    {
        var state = await ScoringState.ReadAsync(context.Services.GetRequiredService<CrmDbContext>(), context.CancellationToken);
        var least = (await RequestSettings.SettingsAsync(context)).SmallGroupMinimum;
        return state?.Customers >= least || Rows.Of(context).Caller.Role == Role.Administrator ? state : state?.WithoutModels();
    }
}

[MutationType]
public static class ScoreMutations
{
    /// <summary>Computes the kept scores of all customers now, and waits for it.</summary>
    /// <param name="refit">Whether the models are fitted anew, too, and not only once a day.</param>
    [Authorize(Roles = [nameof(Role.Administrator)]), Cost(QueryCosts.Analysis * 5)]
    public static async Task<ScoringState?> RefreshCustomerScoresAsync(
        [Service] ScoreKeeper keeper, [Service] CrmDbContext database, CancellationToken cancellationToken, bool refit = false)
    {
        await keeper.RefreshAsync(refit, cancellationToken);
        return await ScoringState.ReadAsync(database, cancellationToken);
    }
}
