namespace CrmGraph.Reporting.Access;

/// <summary>Why somebody is not let in. Written to clients as <c>extensions.reason</c>.</summary>
public enum RefusalReason
{
    NoKey, MalformedKey, UnknownKey, RevokedKey, ExpiredKey, UnknownRole, NoTeamMember, InactiveTeamMember, InvalidToken, ExpiredToken, RightsChanged,
    SignedOut,
}

/// <summary>The key or token does not make a caller. The message says what would.</summary>
public sealed class AccessRefusedException(RefusalReason reason, string message) : Exception(message)
{
    public RefusalReason Reason { get; } = reason;

    /// <summary>The reason as clients see it: <c>REVOKED_KEY</c>.</summary>
    public string ReasonCode => string.Concat(Reason.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));
}
