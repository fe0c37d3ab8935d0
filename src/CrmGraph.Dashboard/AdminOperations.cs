namespace CrmGraph.Dashboard;

/// <summary>The operations of administration, and their results.</summary>
internal static class AdminOperations
{
    public static readonly Operation<ApiKeysData> Keys = new("api-keys");
    public static readonly Operation<ApiKeyCreatedData> CreateKey = new("api-key-create");
    public static readonly Operation<ApiKeyRevokedData> RevokeKey = new("api-key-revoke");
    public static readonly Operation<SettingsData> Settings = new("settings");
    public static readonly Operation<Outcome<SettingsSaved>> UpdateSettings = new("settings-update");
}

public sealed record ApiKeysData(IReadOnlyList<ApiKeyRow> ApiKeys, Listed<TeamRow> TeamMembers);

public sealed record ApiKeyRow(string Id, string Name, string Prefix, string Role, DateTime CreatedAt, DateTime? ExpiresAt, DateTime? RevokedAt);

public sealed record TeamRow(string Id, string Name, string? Email, bool IsActive, Named? Team, Named? Manager);

public sealed record ApiKeyCreatedData(ApiKeyCreated Created);

public sealed record ApiKeyCreated(ApiKeySecret NewApiKey);

public sealed record ApiKeySecret(string Secret);

public sealed record ApiKeyRevokedData(ApiKeyRevoked Revoked);

public sealed record ApiKeyRevoked(OnlyId ApiKey);

public sealed record SettingsData(SettingsNow Settings);

public sealed record SettingsNow(string ReportingZone, string WeekStart, int FiscalYearStartMonth, int ActivityDays, string Currency, int SmallGroupMinimum);

public sealed record SettingsSaved(ZoneNow? Settings, IReadOnlyList<Refusal>? Errors);

public sealed record ZoneNow(string ReportingZone);
