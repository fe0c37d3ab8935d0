namespace CrmGraph.Dashboard;

/// <summary>The operations of administration, and their results.</summary>
internal static class AdminOperations
{
    public static readonly Operation<ApiKeysData> Keys = new("api-keys");
    public static readonly Operation<ApiKeyCreatedData> CreateKey = new("api-key-create");
    public static readonly Operation<ApiKeyRevokedData> RevokeKey = new("api-key-revoke");
    public static readonly Operation<SettingsData> Settings = new("settings");
    public static readonly Operation<Outcome<SettingsSaved>> UpdateSettings = new("settings-update");
    public static readonly Operation<ServerHealthData> Health = new("server-health");
    public static readonly Operation<ImportMapData> ImportMap = new("import-map");
    public static readonly Operation<RollupsVerifiedData> VerifyRollups = new("rollups-verify");
    public static readonly Operation<RollupsRebuiltData> RebuildRollups = new("rollups-rebuild");
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

public sealed record ServerHealthData(HealthNow ServerHealth);

public sealed record HealthNow(DatabaseNow Database, RollupsNow Rollups, ScoresNow Scores, LiveNow Live);

public sealed record DatabaseNow(string System, int Migration, double LatencyMilliseconds);

public sealed record RollupsNow(int? PendingDays, IReadOnlyList<RollupRow> Rollups);

public sealed record RollupRow(int Number, string Attributes, bool IsShipped, long Rows, DateOnly? FirstDay, DateOnly? LastDay);

public sealed record ScoresNow(DateTime? AsOf, string? Reason);

public sealed record LiveNow(int Queries, int Subscribers, int Computing, int Waiting);

public sealed record ImportMapData(ImportMapNow ImportMapSuggestion);

public sealed record ImportMapNow(
    string Map, string? ReadyMap, IReadOnlyList<string> Problems, IReadOnlyList<string> Notes, IReadOnlyList<string> Targets, int RowsSeen,
    IReadOnlyList<ImportColumnNow> Columns);

public sealed record ImportColumnNow(int Position, string Name, IReadOnlyList<string> Samples, IReadOnlyList<string> Targets, string Reason);

public sealed record RollupsVerifiedData(RollupsVerified Verified);

public sealed record RollupsVerified(VerifiedDays RollupVerification);

public sealed record VerifiedDays(int DaysCompared, IReadOnlyList<DateOnly> DifferentDays);

public sealed record RollupsRebuiltData(RollupsRebuilt Rebuilt);

public sealed record RollupsRebuilt(PendingNow RollupHealth);

public sealed record PendingNow(int? PendingDays);
