using System.Net;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Server.Tests.Access;

/// <summary>A token of the configured issuer through the whole server: who of the team it is, and what he sees.</summary>
public sealed class TokenMappingTests
{
    private const string Query = "{ viewer { name role teamMember { name } } customers { nodes { name } } }";
    private static readonly TeamMember Ada = new() { Id = Guid.CreateVersion7(), Name = "Ada", Email = "Ada@Example.com" };
    private static readonly TeamMember Ben = new() { Id = Guid.CreateVersion7(), Name = "Ben", Email = "ben@example.com" };
    private static readonly TeamMember Gone = new() { Id = Guid.CreateVersion7(), Name = "Gone", Email = "gone@example.com", IsActive = false };

    public static TheoryData<string, string, string?, string, string[]> Known => new()
    {
        { "by e-mail, in any case", "somebody", "ADA@example.com", "Ada", ["Customer of Ada"] },
        { "by the subject among outside ids", "person-7", null, "Ben", ["Customer of Ben"] },
        { "the subject before the e-mail", "person-7", "ada@example.com", "Ben", ["Customer of Ben"] },
        { "by the team member's own id as subject", Ada.Id.ToString(), null, "Ada", ["Customer of Ada"] },
    };

    [Theory, MemberData(nameof(Known))]
    public async Task A_representatives_token_is_somebody_of_the_team_and_sees_that_ones_customers(
        string how,
        string subject,
        string? email,
        string name,
        string[] customers)
    {
        await using var server = await StartAsync(DatabaseKind.Sqlite);

        using var answer = await AskAsync(server, Claims("REPRESENTATIVE", subject, email));

        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var data = json.RootElement.GetProperty("data");
        Assert.True(name == data.GetProperty("viewer").GetProperty("teamMember").GetProperty("name").GetString(), how);
        Assert.Equal("REPRESENTATIVE", data.GetProperty("viewer").GetProperty("role").GetString());
        Assert.Equal(customers, data.GetProperty("customers").GetProperty("nodes").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
    }

    public static TheoryData<string, string, string?, string> Unknown => new()
    {
        { "REPRESENTATIVE", "somebody", "nobody@example.com", "NO_TEAM_MEMBER" },
        { "MANAGER", "somebody", null, "NO_TEAM_MEMBER" },
        { "REPRESENTATIVE", "somebody", "gone@example.com", "INACTIVE_TEAM_MEMBER" },
        { "EMPEROR", "person-7", null, "UNKNOWN_ROLE" },
    };

    [Theory, MemberData(nameof(Unknown))]
    public async Task A_token_of_nobody_or_of_an_unknown_role_is_refused_with_the_reason(string role, string subject, string? email, string reason)
    {
        await using var server = await StartAsync(DatabaseKind.Sqlite);

        using var answer = await AskAsync(server, Claims(role, subject, email));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var extensions = json.RootElement.GetProperty("errors")[0].GetProperty("extensions");
        Assert.Equal(("AUTH_NOT_AUTHENTICATED", reason), (extensions.GetProperty("code").GetString(), extensions.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task PostgreSQL_knows_the_same_people()
    {
        await using var server = await StartAsync(DatabaseKind.Postgres);
        foreach (var claims in new[] {
            Claims("REPRESENTATIVE", "x", "ben@EXAMPLE.com"),
            Claims("REPRESENTATIVE", "person-7", null),
            Claims("REPRESENTATIVE", Ben.Id.ToString(), null) })
        {
            using var answer = await AskAsync(server, claims);
            Assert.Contains("\"Customer of Ben\"", await answer.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_subject_that_no_database_can_hold_is_nobody(DatabaseKind kind)
    {
        await using var server = await StartAsync(kind);
        using var answer = await AskAsync(server, Claims("REPRESENTATIVE", "person\0", "nobody\0@example.com"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static async Task<RunningServer> StartAsync(DatabaseKind kind)
    {
        var server = await RunningServer.StartAsync("Production", TestIssuer.Settings, kind);
        await server.Database.SaveAsync(Ada, Ben, Gone, new ExternalId { Entity = ExternalEntity.TeamMember, Source = "jwt", Key = "person-7", Id = Ben.Id });
        await server.Database.SaveAsync(
            new[] { Ada, Ben }.Select(m => new Customer
            {
                Id = Guid.CreateVersion7(),
                Name = "Customer of " + m.Name,
                OwnerId = m.Id,
                CreatedAt = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
                Day = new(2026, 1, 1)
            }));
        return server;
    }

    private static Dictionary<string, object> Claims(string role, string subject, string? email)
    {
        var claims = new Dictionary<string, object> { ["sub"] = subject, ["role"] = role };
        if (email is not null)
            claims["email"] = email;
        return claims;
    }

    private static async Task<HttpResponseMessage> AskAsync(RunningServer server, Dictionary<string, object> claims)
    {
        using var request = AuthenticationTests.Ask(Query);
        request.Headers.Authorization = new("Bearer", TestIssuer.Token(TimeProvider.System.GetUtcNow(), claims));
        return await server.Client.SendAsync(request);
    }
}
