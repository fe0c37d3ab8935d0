using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmGraph.Dashboard;

/// <summary>
/// Signing in with an API key. The key lies in a cookie that scripts cannot read and that no other site's request carries; the server takes it only from its
/// own pages, in place of the Authorization header.
/// </summary>
public static class SignIn
{
    public const string Cookie = "crmgraph_key";
    internal const string Path = Routes.SignIn, Enter = "/dashboard/enter", Leave = "/dashboard/leave";
    private const int LongestKey = 8_192;

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(Enter, EnterAsync).DisableAntiforgery();
        endpoints.MapPost(Leave, LeaveNow).DisableAntiforgery();
    }

    // Another site's post does not come here: the server's guard refuses it by its origin.
    private static async Task EnterAsync(HttpContext context, DashboardHost host)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (key, back) = (form["key"].ToString().Trim(), Routes.Local(form["back"]));
        var visitor = key.Length is > 0 and <= LongestKey ? await host.FindByKey(key, context, context.RequestAborted) : null;
        if (visitor is null)
        {
            context.Response.Redirect($"{Path}?refused=1&back={Uri.EscapeDataString(back)}");
            return;
        }

        context.Response.Cookies.Append(Cookie, key, Options(context));
        context.Response.Redirect(back);
    }

    private static void LeaveNow(HttpContext context)
    {
        context.Response.Cookies.Delete(Cookie, Options(context));
        context.Response.Redirect(Path);
    }

    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
    };
}
