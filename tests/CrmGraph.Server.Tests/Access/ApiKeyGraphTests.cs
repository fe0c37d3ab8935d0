using System.Net.Http.Json;
using System.Text.Json;
using CrmGraph.Data.Model;
using Xunit;

namespace CrmGraph.Server.Tests.Access;

/// <summary>API keys over the graph.</summary>
public sealed class ApiKeyGraphTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Create = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { newApiKey { secret key { id name role prefix } } } }";

    [Fact]
    public async Task An_administrator_makes_lists_and_revokes_keys()
    {
        var administrator = (await shared.Server.CreateKeyAsync(Role.Administrator)).Secret;
        var made = (await AskAsync(administrator, Create, new { input = new { name = "till", role = "VIEWER" } }))
            .GetProperty("data").GetProperty("createApiKey").GetProperty("newApiKey");
        var (secret, key) = (made.GetProperty("secret").GetString()!, made.GetProperty("key"));
        Assert.StartsWith(key.GetProperty("prefix").GetString()!, secret, StringComparison.Ordinal);
        Assert.Equal("""{"data":{"viewer":{"role":"VIEWER"}}}""", (await AskAsync(secret, "{ viewer { role } }")).GetRawText());

        var listed = await AskAsync(administrator, "{ apiKeys { id name revokedAt } }");
        Assert.Equal(key.GetProperty("id").GetString(), listed.GetProperty("data").GetProperty("apiKeys")[0].GetProperty("id").GetString());
        Assert.DoesNotContain(secret, listed.GetRawText(), StringComparison.Ordinal);

        var id = key.GetProperty("id").GetString();
        await AskAsync(administrator, "mutation($id: ID!) { revokeApiKey(input: {id: $id}) { apiKey { id } } }", new { id });
        Assert.Contains("AUTH_NOT_AUTHENTICATED", (await AskAsync(secret, "{ viewer { role } }")).GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Role.Analyst, "{ apiKeys { id } }")]
    [InlineData(Role.Analyst, "{ serverHealth { database { system } } }")]
    [InlineData(Role.Analyst, "mutation { verifyRollups { rollupVerification { daysCompared } } }")]
    [InlineData(Role.Manager, "mutation { createApiKey(input: {name: \"a\", role: ADMINISTRATOR}) { newApiKey { secret } } }")]
    public async Task Others_may_neither_see_nor_make_keys(Role role, string query)
    {
        var key = await shared.Server.CreateKeyAsync(role, role == Role.Manager ? await MemberAsync() : null);
        Assert.Contains("AUTH_NOT_AUTHORIZED", (await AskAsync(key.Secret, query)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_would_see_nobody_is_refused()
    {
        var administrator = (await shared.Server.CreateKeyAsync(Role.Administrator)).Secret;
        var answer = await AskAsync(administrator, Create, new { input = new { name = "field", role = "REPRESENTATIVE" } });
        Assert.Contains("INVALID_ARGUMENT", answer.GetRawText(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> AskAsync(string key, string query, object? variables = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query, variables }) };
        request.Headers.Authorization = new("Bearer", key);
        using var answer = await shared.Server.Client.SendAsync(request);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<Guid> MemberAsync()
    {
        await using var db = shared.Server.Database.CreateContext();
        var member = new TeamMember { Id = Guid.CreateVersion7(), Name = "Mia" };
        db.TeamMembers.Add(member);
        await db.SaveChangesAsync();
        return member.Id;
    }
}
