using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CrmGraph.Dashboard;

/// <summary>An answer: data or, when there is none, what went wrong.</summary>
public sealed record Answer<T>(T? Data, string? Error, string? Code, Shown Shown) where T : class
{
    /// <summary>What went wrong, where it is no answer that there is no such row: an address may have been cut off.</summary>
    public string? Problem => Code == "INVALID_ID" ? null : Error;
}

/// <summary>Runs documents for the visitor of a circuit, under his rights, prices and limits.</summary>
internal sealed class Graph(DashboardHost host, PageIdentity identity) : IDisposable
{
    private Visitor? _visitor;
    private Stay? _stay;
    private ViewerNow? _viewer;

    /// <summary>False when a key is needed.</summary>
    public bool TryEnter()
    {
        _visitor ??= identity.Visitor;
        _stay ??= _visitor?.Open();
        return _visitor is not null;
    }

    /// <summary>Cancelled when the visitor may not go on.</summary>
    public CancellationToken Ended => _stay?.Ended ?? CancellationToken.None;

    /// <summary>Where whoever may not go on is led.</summary>
    public string WayOut(string back) => _stay?.HasSignedOut() == true ? SignIn.Left : SignIn.For(back);

    /// <summary>Who the visitor is to the API; null when he has not entered or may not ask any more.</summary>
    public async Task<ViewerNow?> ViewerAsync()
    {
        if (_viewer is not null || !TryEnter())
            return _viewer;
        if ((await RunAsync(OverviewOperations.Viewer, null, default)).Data is not { } known)
            return null;
        identity.Preferences.LiveIn(known.Settings.ReportingZone);
        return _viewer = known.Viewer;
    }

    public async Task<Answer<T>> RunAsync<T>(Operation<T> operation, object? variables, CancellationToken cancellationToken) where T : class
    {
        var shown = Show(operation.Text, variables);
        var json = await RunAsync(shown, cancellationToken);
        return Read<T>(json, shown);
    }

    /// <summary>The response as it is, for operations that are put together while the page runs.</summary>
    public async Task<JsonElement> RunAsync(Shown shown, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Ended);
        return await host.Door.ExecuteAsync(Required().State.Copy(), shown.Body(), either.Token);
    }

    /// <summary>The answers of the subscription that follows a query of metrics. What is shown with them is the query.</summary>
    public async IAsyncEnumerable<Answer<T>> FollowAsync<T>(
        Operation<T> operation, object? variables, [EnumeratorCancellation] CancellationToken cancellationToken = default) where T : class
    {
        var shown = Show(operation.Text, variables);
        var live = shown with { Document = Operations.Live(shown.Document) };
        await foreach (var json in SubscribeAsync(live, cancellationToken))
            yield return Read<T>(json, shown);
    }

    /// <summary>The responses of a subscription as they are.</summary>
    public async IAsyncEnumerable<JsonElement> SubscribeAsync(Shown live, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Ended);
        await foreach (var json in host.Door.SubscribeAsync(Required().State.Copy(), live.Body(), either.Token))
            yield return json;
    }

    /// <summary>What an error says: in the visitor's language what its code means, and what exactly was wrong.</summary>
    public static string TextOf(JsonElement error)
    {
        var message = error.GetProperty("message").GetString()!;
        return error.TryGetProperty("extensions", out var more) && more.TryGetProperty("codeLabel", out var label) ? $"{label.GetString()} {message}" : message;
    }

    public void Dispose() => _stay?.Lease.Dispose();

    private static Shown Show(string document, object? variables) =>
        new(document, variables is null ? "{}" : JsonSerializer.Serialize(variables, Operations.Json));

    private Visitor Required() => _visitor ?? throw new InvalidOperationException("Nobody has entered.");

    private static Answer<T> Read<T>(JsonElement json, Shown shown) where T : class
    {
        if (json.TryGetProperty("errors", out var errors) && errors.GetArrayLength() > 0)
        {
            var first = errors[0];
            var code = first.TryGetProperty("extensions", out var extensions) && extensions.TryGetProperty("code", out var c) ? c.GetString() : null;
            return new(null, TextOf(first), code, shown);
        }

        var data = json.GetProperty("data");
        return new(data.Deserialize<T>(Operations.Json), null, null, shown);
    }
}
