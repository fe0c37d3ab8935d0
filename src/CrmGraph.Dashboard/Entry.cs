using Microsoft.AspNetCore.Http;

namespace CrmGraph.Dashboard;

/// <summary>Before every page: files, room for one more connection, who comes, and which sources the page may load from.</summary>
internal sealed class Entry(RequestDelegate next, DashboardHost host, CircuitCount circuits)
{
    // Everything comes from here, and nothing may frame it.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; "
        + "form-action 'self'; frame-ancestors 'none'";

    // The editor sets its own styles, and runs a worker.
    private const string EditorPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; worker-src 'self' blob:; "
        + "connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public async Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments("/_framework/blazor.web.js", StringComparison.Ordinal))
        {
            await PageFiles.WriteAsync(context, "blazor.web.js");
            return;
        }

        if (path.StartsWithSegments(PageFiles.Folder.TrimEnd('/'), StringComparison.Ordinal, out var file) && !Routes.IsAction(path))
        {
            // The editor asks for its files in folders; their names alone tell them apart.
            await PageFiles.WriteAsync(context, Path.GetFileName(file.Value!));
            return;
        }

        context.Response.Headers.ContentSecurityPolicy = path == "/explorer" ? EditorPolicy : Policy;
        if (path == "/_blazor/negotiate" && circuits.IsFull)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var visitor = await host.FindVisitor(context, context.RequestAborted);
        if (visitor is null && Routes.IsPage(path) && context.Request.Headers["Sec-Fetch-Site"] != "cross-site")
        {
            context.Response.Redirect(SignIn.For(path + context.Request.QueryString));
            return;
        }

        if (visitor is null && path == SignIn.Path && IsOver(context))
        {
            context.Response.Redirect($"{Issuer.Start}?back={Uri.EscapeDataString(Routes.Local(context.Request.Query["back"]))}");
            return;
        }

        // The page says how there would be one.
        if (path == Routes.Explorer && host.Examples is null)
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.User = new(new PageIdentity(visitor, context.Request));
        await next(context);
    }

    // An ID token whose time is over: the issuer still knows its people, and asks or does not. Only once, and only when the window itself goes there.
    private bool IsOver(HttpContext context) =>
        host.Issuer is not null && !context.Request.Query.ContainsKey("refused") && context.Request.Headers["Sec-Fetch-Dest"] == "document"
        && SignIn.CredentialOf(context)?.Contains('.') == true;
}
