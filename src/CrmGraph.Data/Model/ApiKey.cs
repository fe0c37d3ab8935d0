using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>What a caller may see and change.</summary>
public enum Role
{
    /// <summary>Sees all customers and changes nothing, but may run reports.</summary>
    Viewer,
    /// <summary>Sees and changes their own customers.</summary>
    Representative,
    /// <summary>Sees and changes the customers of their team and of everyone below them.</summary>
    Manager,
    /// <summary>Sees all customers and saves segments and reports, but changes no CRM data.</summary>
    Analyst,
    /// <summary>Sees and changes everything.</summary>
    Administrator,
}

/// <summary>A key for programs. Only a SHA-256 hash of its secret is kept.</summary>
[Traits(TableTraits.None)]
public sealed class ApiKey
{
    [ID] public Guid Id { get; set; }
    /// <summary>What the key is for.</summary>
    public string Name { get; set; } = "";
    /// <summary>The first characters of the secret, to tell keys apart.</summary>
    public string Prefix { get; set; } = "";
    [GraphQLIgnore] public byte[] Hash { get; set; } = [];
    /// <summary>What the key may see and change.</summary>
    public Role Role { get; set; }
    [GraphQLIgnore] public Guid? TeamMemberId { get; set; }
    /// <summary>When the key was created.</summary>
    public DateTime CreatedAt { get; set; }
    /// <summary>When the key ends by itself; null if it does not.</summary>
    public DateTime? ExpiresAt { get; set; }
    /// <summary>When the key was revoked; null if it was not.</summary>
    public DateTime? RevokedAt { get; set; }
}
