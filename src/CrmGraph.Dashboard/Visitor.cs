using System.Security.Claims;
using CrmGraph.GraphQL.Types;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;

namespace CrmGraph.Dashboard;

/// <summary>Who looks at a page, as the server knows him: the state under which his operations run, and how long he may stay.</summary>
/// <param name="State">As of a request of his over <c>/graphql</c>.</param>
/// <param name="Open">Begins a stay that ends when his key is revoked, his rights change or the server stops.</param>
public sealed record Visitor(RequestState State, Func<Stay> Open);

/// <summary>Carries what a request says of its sender to the page and to the circuit that the page opens.</summary>
internal sealed class PageIdentity(Visitor? visitor, HttpRequest request) : ClaimsIdentity
{
    public Visitor? Visitor => visitor;
    public Preferences Preferences { get; } = new(request);
    /// <summary>With a key or at the issuer, and not because of where the request comes from.</summary>
    public bool IsSignedIn { get; } = visitor is not null && request.Cookies.ContainsKey(SignIn.Cookie);

    /// <summary>Of the page that is being shown.</summary>
    public static PageIdentity Of(AuthenticationStateProvider authentication) =>
        // It is known before any component is made, and never waits.
        (PageIdentity)authentication.GetAuthenticationStateAsync().GetAwaiter().GetResult().User.Identity!;
}

/// <summary>Dispose the lease when the visitor leaves.</summary>
/// <param name="HasSignedOut">Whether it ended because he did.</param>
public sealed record Stay(IDisposable Lease, Func<bool> HasSignedOut, CancellationToken Ended);

/// <summary>What the server lends to its dashboard.</summary>
public sealed record DashboardHost
{
    /// <summary>The visitor whom a request's key, cookie or place makes; null when it needs a key that it does not bring.</summary>
    public required Func<HttpContext, CancellationToken, ValueTask<Visitor?>> FindVisitor { get; init; }

    /// <summary>The visitor whom an API key makes; null when it makes none.</summary>
    public required Func<string, HttpContext, CancellationToken, ValueTask<Visitor?>> FindByKey { get; init; }

    /// <summary>Ends what a browser has open that now signs out.</summary>
    public required Action<string> EndSession { get; init; }

    /// <summary>Where people sign in who have no key; null where there is no such place.</summary>
    public IssuerClient? Issuer { get; init; }

    /// <summary>The entry to the graph that <c>/graphql</c> uses.</summary>
    public required GraphDoor Door { get; init; }

    /// <summary>The schema, from which editors know what may be said.</summary>
    public required Schema Schema { get; init; }

    /// <summary>The example operations of the explorer; null where there is no explorer.</summary>
    public Func<IReadOnlyList<Example>>? Examples { get; init; }

    /// <summary>Every code of an error, for the explorer's documentation.</summary>
    public Func<IReadOnlyList<KnownError>> Errors { get; init; } = () => [];

    /// <summary>The names of the import maps that come with the server.</summary>
    public IReadOnlyList<string> Maps { get; init; } = [];

    /// <summary>Lets the demo company live for a while; null outside Development.</summary>
    public Action? Simulate { get; init; }

    /// <summary>Pages that are open with a connection at once, over all visitors.</summary>
    public int Circuits { get; init; } = 200;
}

/// <param name="When">In which case it is answered.</param>
/// <param name="Remedy">What whoever gets it can do.</param>
public sealed record KnownError(string Code, string When, string Remedy);

/// <param name="Variables">JSON text, or null when the operation needs none.</param>
public sealed record Example(string Name, string Title, string Document, string? Variables);
