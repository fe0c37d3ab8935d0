using System.CommandLine;
using System.Globalization;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph keys create|list|revoke</c>.</summary>
public static class KeysCommand
{
    public static Command Create()
        => new("keys", "Makes, lists and revokes the API keys with which programs call the server.") { CreateKey(), ListKeys(), RevokeKey() };

    private static Command CreateKey()
    {
        var database = Database.Option();
        var name = new Option<string>("--name", "-n") { Description = "What the key is for; it stands in lists and logs.", Required = true };
        var role = new Option<string>("--role", "-r")
        {
            Description = "ADMINISTRATOR, ANALYST and VIEWER see all customers; MANAGER those of the team and below; REPRESENTATIVE his own. "
                + "A VIEWER changes nothing.",
            Required = true
        };
        role.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. Enum.GetNames<Role>().Select(r => r.ToUpperInvariant())]);
        var member = new Option<string?>("--team-member", "-m")
        {
            Description = "For MANAGER and REPRESENTATIVE: the team member's e-mail address, name or id.",
            HelpName = "WHO"
        };
        var expires = new Option<string?>("--expires", "-e")
        {
            Description = "When the key ends: 90d, 12h, or a UTC moment such as 2027-01-31 or 2027-01-31T12:00:00Z. Never by default.",
            HelpName = "WHEN"
        };
        var command = new Command("create", "Makes a key and prints its secret. The secret is shown this once: the database keeps only its hash.") {
            database,
            name,
            role,
            member,
            expires };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var services = await Database.OpenAsync(parsed.GetValue(database), cancellationToken);
            var moment = Moment(parsed.GetValue(expires), services.GetRequiredService<TimeProvider>());
            var memberId = parsed.GetValue(member) is { } who ? await FindMemberAsync(services, who, cancellationToken) : (Guid?)null;
            var made = await services.GetRequiredService<ApiKeys>()
                .CreateAsync(parsed.GetRequiredValue(name), Enum.Parse<Role>(parsed.GetRequiredValue(role), ignoreCase: true), memberId, moment,
                    cancellationToken);
            var engine = services.GetRequiredService<DatabaseEngine>();
            await Console.Error.WriteLineAsync($"Key {made.Key.Id} ({made.Key.Name}, {made.Key.Role.ToString().ToUpperInvariant()}) is in {engine.Name} "
                + $"{engine.Location}. Its secret, shown only now:");
            // Alone on standard output, so that a script can take it.
            Console.WriteLine(made.Secret);
        });
        return command;
    }

    private static Command ListKeys()
    {
        var database = Database.Option();
        var command = new Command("list", "Lists the keys, newest first. Secrets are not known here.") { database };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var services = await Database.OpenMadeAsync(parsed.GetValue(database), cancellationToken);
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
            await using var db = await services.GetRequiredService<IDbContextFactory<CrmDbContext>>().CreateDbContextAsync(cancellationToken);
            var members = await db.TeamMembers.Select(m => new { m.Id, m.Name }).ToDictionaryAsync(m => m.Id, m => m.Name, cancellationToken);
            var table = new Table().Border(TableBorder.Simple).AddColumns("Id", "Prefix", "Name", "Role", "Team member", "Created", "State");
            foreach (var key in await services.GetRequiredService<ApiKeys>().ListAsync(cancellationToken))
                table.AddRow(Cells(
                    key.Id.ToString(),
                    key.Prefix,
                    key.Name,
                    key.Role.ToString().ToUpperInvariant(),
                    key.TeamMemberId is { } id ? members.GetValueOrDefault(id, id.ToString()) : "",
                    Day(key.CreatedAt),
                    State(key, now)));
            Tables.Write(table);
        });
        return command;
    }

    private static Command RevokeKey()
    {
        var database = Database.Option();
        var which = new Argument<string>("KEY") { Description = "The key's id, or its prefix as listed." };
        var kept = new Option<int>("--kept")
        {
            Description = "For how many milliseconds your servers keep a caller (their Crm:CallerCacheMilliseconds).",
            DefaultValueFactory = _ => new CrmLimits().CallerCacheMilliseconds
        };
        var command = new Command(
            "revoke",
            "Ends a key: once this returns no server takes it, when --kept is what they have; open streams end within 5 seconds.") { database, which, kept };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var services = await Database.OpenMadeAsync(parsed.GetValue(database), cancellationToken);
            var key = await services.GetRequiredService<ApiKeys>().RevokeAsync(parsed.GetRequiredValue(which), cancellationToken);
            var wait = Math.Max(0, parsed.GetValue(kept));
            await Task.Delay(TimeSpan.FromMilliseconds(wait), cancellationToken);
            Console.WriteLine($"Key {key.Id} ({key.Name}) is revoked since {key.RevokedAt:yyyy-MM-dd HH:mm:ss} UTC. "
                + $"A server whose Crm:CallerCacheMilliseconds is above {wait} takes it until that time is over.");
        });
        return command;
    }

    private static async Task<Guid> FindMemberAsync(ServiceProvider services, string who, CancellationToken cancellationToken)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<CrmDbContext>>().CreateDbContextAsync(cancellationToken);
        var members = await db.TeamMembers.Select(m => new { m.Id, m.Name, m.Email }).ToListAsync(cancellationToken);
        var found = members.FindAll(m => m.Id.ToString().Equals(who, StringComparison.OrdinalIgnoreCase) || Same(m.Email, who) || Same(m.Name, who));
        return found.Count switch
        {
            1 => found[0].Id,
            0 => throw new CommandException($"There is no team member '{who}'. Give an e-mail address, a name or an id of the {members.Count} team members."),
            _ => throw new CommandException($"{found.Count} team members are called '{who}'. Give an e-mail address or an id."),
        };
    }

    private static bool Same(string? text, string other) => string.Equals(text, other, StringComparison.OrdinalIgnoreCase);

    private static DateTime? Moment(string? text, TimeProvider time)
    {
        if (text is null)
            return null;
        if (text.Length is > 1 and <= 6 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && text[^1] is 'd' or 'h')
            return time.GetUtcNow().UtcDateTime + (text[^1] == 'd' ? TimeSpan.FromDays(count) : TimeSpan.FromHours(count));
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.UtcDateTime
            : throw new CommandException($"--expires '{text}' is no moment. Write 90d, 12h, 2027-01-31 or 2027-01-31T12:00:00Z.");
    }

    private static string State(ApiKey key, DateTime now) =>
        key.RevokedAt is { } revoked
            ? $"revoked {Day(revoked)}"
            : key.ExpiresAt is not { } end ? "active" : end <= now ? $"expired {Day(end)}" : $"active until {Day(end)}";

    private static string Day(DateTime moment) => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string[] Cells(params string[] texts) => [.. texts.Select(Markup.Escape)];
}
