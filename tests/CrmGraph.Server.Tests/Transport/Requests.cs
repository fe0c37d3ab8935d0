using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CrmGraph.Server.Tests.Transport;

/// <summary>Requests as text, as clients send them.</summary>
internal static class Requests
{
    public const string Json = "application/json";
    public const string Response = "application/graphql-response+json";

    public static HttpRequestMessage Post(string body, string accept = Json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = new StringContent(body, Encoding.UTF8, Json) };
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        return request;
    }

    public static HttpRequestMessage Get(string query, string? ifNoneMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/graphql?" + query);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(Json));
        if (ifNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return request;
    }

    public static async Task<(HttpStatusCode Status, string Body)> AskAsync(
        this RunningServer server,
        string body,
        string accept = Json,
        CancellationToken cancellationToken = default)
    {
        using var request = Post(body, accept);
        using var answer = await server.Client.SendAsync(request, cancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    public static string? CodeOf(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("extensions").GetProperty("code").GetString() : null;
    }
}
