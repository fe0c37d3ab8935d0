using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

public enum Role { Viewer, Representative, Manager, Analyst, Administrator }

/// <summary>A key for programs. Only a SHA-256 of the secret is kept.</summary>
[Traits(TableTraits.None)]
public sealed class ApiKey
{
    [ID] public Guid Id { get; set; }
    public string Name { get; set; } = "";
    /// <summary>The first characters of the secret, to tell keys apart.</summary>
    public string Prefix { get; set; } = "";
    [GraphQLIgnore] public byte[] Hash { get; set; } = [];
    public Role Role { get; set; }
    [GraphQLIgnore] public Guid? TeamMemberId { get; set; }
    public DateTime CreatedAt { get; set; }
    public DateTime? ExpiresAt { get; set; }
    public DateTime? RevokedAt { get; set; }
}
