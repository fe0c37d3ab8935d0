using Microsoft.AspNetCore.Components;

namespace CrmGraph.Dashboard.Components;

/// <summary>What runs operations for a visitor: it is entered when its page has a connection, and left with the page or when the visitor may not stay.</summary>
public abstract class Board : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _left = new();
    private CancellationTokenRegistration _ending;

    [Inject] private protected Graph Graph { get; set; } = null!;
    [Inject] private protected NavigationManager Address { get; set; } = null!;

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Left => _left.Token;

    /// <summary>Asks what the page shows first.</summary>
    protected abstract Task EnterAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        if (!Graph.TryEnter())
        {
            AskWho();
            return;
        }

        _ending = Graph.Ended.Register(() => InvokeAsync(AskWho));
        await Graph.ViewerAsync();
        await EnterAsync();
        await RefreshAsync();
    }

    private void AskWho() => Address.NavigateTo(Graph.WayOut(new Uri(Address.Uri).PathAndQuery), forceLoad: true);

    protected Task RefreshAsync() => _left.IsCancellationRequested ? Task.CompletedTask : InvokeAsync(StateHasChanged);

    /// <summary>Work that goes on beside what the page does next. What goes wrong in it is an error of the page.</summary>
    protected void Begin(Task work) => _ = WatchAsync(work);

    private async Task WatchAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception e)
        {
            // What still ran when the page was left has nobody to tell.
            if (!_left.IsCancellationRequested)
                await DispatchExceptionAsync(e);
        }
    }

    /// <summary>The answer, or null when the page was left before it came.</summary>
    private protected async Task<Answer<T>?> AskAsync<T>(Operation<T> operation, object? variables, CancellationToken? cancellationToken = null) where T : class
    {
        try
        {
            return await Graph.RunAsync(operation, variables, cancellationToken ?? Left);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        // A page that shows one after the other would keep them all.
        await _ending.DisposeAsync();
        await _left.CancelAsync();
        _left.Dispose();
    }
}
