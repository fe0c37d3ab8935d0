using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Execution;

/// <summary>An operation on an event is executed once for all subscribers who see the same.</summary>
public sealed class SharedAnswerTests
{
    private const string Document = "subscription($by: String) { onNews(by: $by) { text } }";

    [Fact]
    public async Task Only_equal_operations_of_one_audience_share()
    {
        var desk = new NewsDesk();
        var texts = await Task.WhenAll(
            FirstAsync(desk, new("a"), """{"by":"Ada"}"""), FirstAsync(desk, new("a"), """{"by":"Ada"}"""), FirstAsync(desk, new("a"), """{"by":"Bob"}"""),
            FirstAsync(desk, new("b"), """{"by":"Ada"}"""), FirstAsync(desk, null, """{"by":"Ada"}"""), FirstAsync(desk, null, """{"by":"Ada"}"""));
        string[] names = ["Ada", "Ada", "Bob", "Ada", "Ada", "Ada"];
        Assert.Equal(names.Select(n => $$$$"""{"data":{"onNews":{"text":"news for {{{{n}}}}"}}}"""), texts);
        // The two without an audience, and one for each of the three questions.
        Assert.Equal(5, desk.Told);
    }

    [Fact]
    public async Task Who_leaves_does_not_take_the_answer_from_the_others()
    {
        var desk = new NewsDesk { Hold = new() };
        using var leaving = new CancellationTokenSource();
        var first = FirstAsync(desk, new("a"), "{}", leaving.Token);
        var second = FirstAsync(desk, new("a"), "{}");
        await desk.Asked.Task;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        desk.Hold.SetResult();
        Assert.Contains("news for all", await second, StringComparison.Ordinal);
        Assert.Equal(1, desk.Told);
    }

    private static async Task<string> FirstAsync(NewsDesk desk, Audience? audience, string variables, CancellationToken cancellationToken = default)
    {
        var state = audience is null ? new() : new RequestState().Set(audience);
        var opened = await _executor.ExecuteAsync(
            new GraphQLRequest(Document) { Variables = Run.Json(variables) }, state, new Run.Services(desk), CancellationToken.None);
        await foreach (var response in opened.Stream!.WithCancellation(cancellationToken))
            return response.ToString();
        throw new OperationCanceledException(cancellationToken);
    }

    private static readonly RequestExecutor _executor = new(Build());

    private static GraphQL.Types.Schema Build()
    {
        var builder = new SchemaBuilder();
        builder.AddType(typeof(NewsQueries));
        builder.AddType(typeof(NewsSubscriptions));
        return builder.Build();
    }
}

public sealed class NewsDesk
{
    private int _told;

    /// <summary>One event for all subscribers.</summary>
    public object Event { get; } = new();
    public TaskCompletionSource? Hold { get; init; }
    public TaskCompletionSource Asked { get; } = new();
    public int Told => _told;

    public async Task<string> TellAsync(string? by)
    {
        Interlocked.Increment(ref _told);
        Asked.TrySetResult();
        await (Hold?.Task ?? Task.CompletedTask);
        return $"news for {by ?? "all"}";
    }
}

public sealed record News(string Text);

[QueryType]
public static class NewsQueries
{
    public static int GetNumber() => 1;
}

[SubscriptionType]
public static class NewsSubscriptions
{
    [Subscribe(With = nameof(OpenNews))]
    public static async Task<News> OnNews([EventMessage] object happened, [Service] NewsDesk desk, string? by = null) =>
        new($"{await desk.TellAsync(by)}{(happened == desk.Event ? "" : "?")}");

    public static async IAsyncEnumerable<object> OpenNews([Service] NewsDesk desk)
    {
        await Task.Yield();
        yield return desk.Event;
    }
}
