using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting;
using Xunit;

namespace CrmGraph.Server.Tests.Hosting;

/// <summary>One fragment reads every expected failure of every mutation: `errors { ... on Error { code message codeLabel } }`.</summary>
public sealed class ErrorInterfaceTests
{
    private static readonly Schema Schema = CrmSchema.Builder().Build();

    [Fact]
    public void Whatever_a_payload_lists_as_an_error_is_an_Error_with_a_code_and_a_message()
    {
        var error = (InterfaceType)Schema.Type("Error")!;
        Assert.Equal(["code", "codeLabel", "message"], error.Fields.Select(f => f.Name).Order());
        var payloads = Schema.MutationType!.Fields.Select(f => (Mutation: f.Name, Payload: (ObjectType)f.Type.Named)).ToList();
        Assert.NotEmpty(payloads);
        Assert.All(payloads, p => Assert.EndsWith("Payload", p.Payload.Name));
        var unions = payloads.Select(p => (p.Mutation, Errors: p.Payload.Fields.SingleOrDefault(f => f.Name == "errors")?.Type.Named)).ToList();
        foreach (var (mutation, errors) in unions.Where(u => u.Errors is not null))
            Assert.All(((UnionType)errors!).Types, member =>
            {
                Assert.True(member.Interfaces.Contains(error), $"{mutation}: {member.Name}");
                Assert.Equal("String!", member.Fields.Single(f => f.Name == "code").Type.ToString());
                Assert.Equal("String!", member.Fields.Single(f => f.Name == "message").Type.ToString());
                Assert.Equal("String!", member.Fields.Single(f => f.Name == "codeLabel").Type.ToString());
            });
        // Those without any expected failure are few, and named.
        Assert.Equal(
            ["refreshCustomerScores", "createApiKey", "revokeApiKey", "verifyRollups", "rebuildRollups"],
            unions.Where(u => u.Errors is null).Select(u => u.Mutation));
    }
}
