using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CrmGraph.Dashboard.Components;

/// <summary>A dashboard: what is asked for its tiles, again whenever something changed, and how they are arranged.</summary>
public sealed partial class DashboardBoard
{
    private static readonly object _choicesPeriod = new { last = new { count = 24, unit = "MONTH" } };

    private DashboardNow? _dashboard;
    private ReportOutcome? _figures;
    private MetricCatalog? _catalog;
    private LiveAnswer<DashboardFigures>? _live;
    private Dictionary<string, Shown> _shown = [];
    private CancellationTokenSource? _following;
    private PeriodChoice _choice = new(PeriodChoice.Standard, null, null, PeriodChoice.Previous);
    private IReadOnlyList<Mark> _marks = [];
    private IReadOnlyList<(string Dimension, string Words, IReadOnlyList<Mark> Choices)> _filters = [];
    private IReadOnlyList<string> _attributes = [], _values = [];
    private string? _attribute;
    private List<DashboardTile>? _arranged;
    private string? _error, _refused;
    private string _title = "";
    private bool _isDone, _isPeriodChosen, _isSaving;
    private int _newest;
    private object? _dragged;
    private int? _looked;
    private bool _mayWrite;
    private Behind? _behind;
    private Opened _open;

    private enum Opened { Nothing, Share, Versions }

    [Parameter, EditorRequired] public required string Id { get; set; }

    /// <summary>Within another page, whose address it leaves alone.</summary>
    [Parameter] public bool IsEmbedded { get; set; }

    private bool IsLive => _live?.IsLive ?? false;
    private bool IsStarting => _live?.IsStarting ?? true;

    private IReadOnlyList<DashboardTile> Tiles => _arranged ?? _dashboard!.Content.Sections;

    private ReportParameter? PeriodParameter => Parameter("PeriodInput");

    protected override async Task EnterAsync()
    {
        var catalog = await AskAsync(MetricCatalog.Operation, null);
        if (catalog?.Data is null)
        {
            _error = catalog?.Error;
            return;
        }

        _catalog = new(catalog.Data.MetricCatalog, Say);
        _mayWrite = (await Graph.ViewerAsync())?.MaySave ?? false;
        await BeginAsync();
    }

    /// <summary>With the newest version, whatever was looked at before.</summary>
    private async Task BeginAsync()
    {
        var answer = ReportOperations.IsKey(Id)
            ? await AskAsync(DashboardOperations.ByKey, new { key = Id })
            : await AskAsync(DashboardOperations.ById, new { id = Routes.IdOf(Id) });
        (_dashboard, _error, _isDone) = (answer?.Data?.Dashboard, answer?.Problem, true);
        if (_dashboard is null)
            return;
        _error = _dashboard.BrokenReason;
        (_newest, _looked) = (_dashboard.Version, null);
        if (!IsEmbedded)
        {
            _isPeriodChosen = Address.Uri.Contains("period=", StringComparison.Ordinal) || Address.Uri.Contains("from=", StringComparison.Ordinal);
            (_choice, _marks) = (PeriodChoice.Of(Address.Uri, Say.OwnZone), Mark.Of(Address.Uri));
            Say.TellIn(_choice.Zone);
        }

        if (Parameter("MetricFilterInput") is not null)
            await ReadChoicesAsync();
        await ShowAsync(_marks);
    }

    /// <summary>The first parameter of a type, whether it may be null or not.</summary>
    private ReportParameter? Parameter(string type) => _dashboard?.Content.Parameters.FirstOrDefault(p => p.Type.TrimEnd('!') == type);

    private async Task ReadChoicesAsync()
    {
        if ((await AskAsync(DashboardOperations.Choices, new { period = _choicesPeriod }))?.Data is not { } found)
            return;
        _filters =
        [
            ("SEGMENT", "Segment", [.. found.Segments.Nodes.Select(s => new Mark("SEGMENT", s.Id, s.Name))]),
            ("REGION", "Region", Marks("REGION", found.Regions)),
            ("CHANNEL", "Channel", Marks("CHANNEL", found.Channels)),
            ("OWNER", "Owner", [.. found.TeamMembers.Nodes.Select(m => new Mark("OWNER", m.Id, m.Name))]),
        ];
        if (_marks.FirstOrDefault(m => m.Attribute is not null) is { Attribute: { } named })
            (_attribute, _attributes) = (named, [named]);
        Begin(ReadAttributesAsync());
        // An address has keys alone.
        _marks = [.. _marks.Select(m => _filters.SelectMany(f => f.Choices).FirstOrDefault(c => c.IsBeside(m) && c.Key == m.Key)
            ?? (m.Key is null ? m with { Label = Say["Unknown"] } : m))];

        static List<Mark> Marks(string dimension, ChoiceTable table) =>
            [.. table.Rows.Select(r => r.Dimensions[0]).Where(d => d is { Kind: "VALUE", Key: not null }).Select(d => new Mark(dimension, d.Key, d.Label))];
    }

    /// <summary>The figures do not wait for what they can be filtered by, too.</summary>
    private async Task ReadAttributesAsync()
    {
        if ((await AskAsync(ChoiceLists.NamesOperation, null))?.Data is { } names)
            _attributes = ChoiceLists.Nothing.With(names).AttributesOf("ATTRIBUTE");
        if (_attribute is not null)
            await ReadValuesAsync(_attribute);
        await RefreshAsync();
    }

    private async Task ReadValuesAsync(string attribute) => _values = (await AskAsync(DashboardOperations.AttributeValues, new { attribute }))?.Data is { } data
        ? [.. data.CustomerAggregates.DistinctValues.Select(v => v.Value).OfType<string>()]
        : [];

    private async Task ChooseAttributeAsync(string name)
    {
        (_attribute, _values) = (name.Length == 0 ? null : name, []);
        if (_attribute is not null)
            await ReadValuesAsync(_attribute);
    }

    private Task FilterByAttributeAsync(string name, string value)
    {
        var mark = new Mark("ATTRIBUTE", value.Length > 1 ? value[1..] : null, value.Length > 1 ? value[1..] : Say["Unknown"], name);
        var others = _marks.Where(m => !m.IsBeside(mark));
        return ShowAsync(value.Length == 0 ? [.. others] : [.. others, mark]);
    }

    private Task PickAsync(Func<PeriodChoice, PeriodChoice> change)
    {
        var choice = change(_choice);
        var isSame = choice with { Zone = _choice.Zone } == _choice;
        (_choice, _isPeriodChosen) = (choice, _isPeriodChosen || !isSame);
        Say.TellIn(choice.Zone);
        return isSame ? KeepAddressAsync() : ShowAsync(_marks);
    }

    private Task FilterAsync(string dimension, string value)
    {
        var others = _marks.Where(m => m.Dimension != dimension);
        var chosen = _filters.First(f => f.Dimension == dimension).Choices.FirstOrDefault(c => ":" + c.Key == value);
        return ShowAsync(chosen is null ? [.. others] : [.. others, chosen]);
    }

    /// <summary>Choosing what is chosen already lets it go.</summary>
    private Task MarkAsync(Mark mark) =>
        ShowAsync(_marks.Contains(mark) ? [.. _marks.Where(m => m != mark)] : [.. _marks.Where(m => !m.IsBeside(mark)), mark]);

    /// <summary>From the beginning, with these filters.</summary>
    private async Task ShowAsync(IReadOnlyList<Mark> marks)
    {
        (_marks, _shown) = (marks, []);
        if (_following is not null)
            await _following.CancelAsync();
        _following = CancellationTokenSource.CreateLinkedTokenSource(Left);
        var following = _following.Token;
        await AskFiguresAsync(following);
        if (following.IsCancellationRequested)
            return;
        _live = new(Graph, Time, () => InvokeAsync(() => Hear(following)));
        Begin(_live.FollowAsync(DashboardOperations.Figures, Asked(), following));
        if (!IsEmbedded)
            await KeepAddressAsync();
    }

    private async Task KeepAddressAsync()
    {
        var query = ((_isPeriodChosen ? _choice.Query : _choice.ZoneQuery) + Mark.Query(_marks)).TrimStart('?', '&');
        await Browser.InvokeVoidAsync("history.replaceState", null, "", new Uri(Address.Uri).AbsolutePath + (query.Length == 0 ? "" : "?" + query));
    }

    /// <summary>What comes may still be older than what was asked for.</summary>
    private void Hear(CancellationToken following)
    {
        if (following.IsCancellationRequested)
            return;
        if (_live?.Data?.Figures is { } figures && !(figures.AsOf < _figures?.AsOf))
            _figures = figures;
        _error = _live?.Last?.Error;
        StateHasChanged();
    }

    private object Asked() => new { id = _dashboard!.Id, version = _dashboard.Version, parameters = Parameters() };

    private async Task AskFiguresAsync(CancellationToken following)
    {
        var answer = await AskAsync(DashboardOperations.Figures, Asked(), following);
        if (answer is null || following.IsCancellationRequested)
            return;
        (_figures, _error) = (answer.Data?.Figures ?? _figures, answer.Error);
        await RefreshAsync();
    }

    /// <summary>What is chosen on the page; the others have their defaults.</summary>
    private JsonObject Parameters()
    {
        var values = new JsonObject(_dashboard!.Content.Parameters.Where(p => p.Default is not null)
            .Select(p => KeyValuePair.Create(p.Name, JsonSerializer.SerializeToNode(p.Default))));
        if (_isPeriodChosen && PeriodParameter is { } period)
            values[period.Name] = JsonSerializer.SerializeToNode(_choice.Input);
        if (_isPeriodChosen && Parameter("Comparison") is { } comparison)
            values[comparison.Name] = _choice.CompareTo;
        foreach (var filter in _dashboard.Content.Parameters.Where(p => p.Type.TrimEnd('!') == "MetricFilterInput"))
            if (Mark.Narrow(values[filter.Name] as JsonObject, _marks) is { } where)
                values[filter.Name] = where;
        return values;
    }

    private Shown? ShownOf(DashboardTile tile)
    {
        if (tile.Operation is null)
            return null;
        if (_shown.TryGetValue(tile.Operation, out var known))
            return known;
        var declared = DashboardOperations.Variables(tile.Operation);
        var variables = new JsonObject(Parameters().Where(p => declared.Contains(p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        return _shown[tile.Operation] = new(tile.Operation, variables.ToJsonString());
    }

    private void Point(DashboardTile tile, Pointed number) => _behind = Behind.Of(tile.Operation!, Parameters(), number);

    /// <summary>The figures stand in the order of the saved version.</summary>
    private ReportPart? PartOf(DashboardTile tile) =>
        _dashboard!.Content.Sections.Index().Where(s => s.Item.Heading == tile.Heading && s.Item.Operation == tile.Operation)
            .Select(s => _figures?.Sections.ElementAtOrDefault(s.Index)).FirstOrDefault();

    private void Open(Opened what) => _open = _open == what ? Opened.Nothing : what;

    private Task LookAsync(ReportVersionRow version)
    {
        (_looked, _arranged, _figures) = (version.Version == _newest ? null : version.Version, null, null);
        _dashboard = _dashboard! with { Title = version.Title, Version = version.Version, Content = version.Content };
        return ShowAsync(_marks);
    }

    private async Task BeginAnewAsync()
    {
        (_open, _arranged, _figures) = (Opened.Nothing, null, null);
        await BeginAsync();
    }

    private void Arrange() => (_arranged, _title) = ([.. _dashboard!.Content.Sections], Say[_dashboard.Title]);

    /// <summary>Where a tile stands by now: it may have moved since it was drawn.</summary>
    private int? At(object? key) => _arranged?.Index().Where(t => KeyOf(t.Item, t.Index).Equals(key)).Select(t => (int?)t.Index).FirstOrDefault();

    private void Move(object? key, int by)
    {
        if (At(key) is { } from)
            MoveTo(from, Math.Clamp(from + by, 0, _arranged!.Count - 1));
    }

    private void Drop(object key)
    {
        if (At(_dragged) is { } from && At(key) is { } to)
            MoveTo(from, to);
    }

    private void MoveTo(int from, int to)
    {
        var tile = _arranged![from];
        _arranged.RemoveAt(from);
        _arranged.Insert(to, tile);
    }

    private void Resize(object key, int by) =>
        Write(key, t => t with { Width = Math.Clamp(t.Span + by, DashboardTile.Narrowest, DashboardTile.Columns) });

    // Not by its heading, which changes while it is written.
    private object KeyOf(DashboardTile tile, int at) => tile.Operation is null ? ("note", Tiles.Take(at).Count(t => t.Operation is null))
        : (tile.Heading, Tiles.Take(at).Count(t => t.Heading == tile.Heading));

    private void AddNote() => _arranged!.Add(new(Say["Note"], "", null, "NONE", null));

    private void Write(object key, Func<DashboardTile, DashboardTile> change)
    {
        if (At(key) is { } at)
            _arranged![at] = change(_arranged[at]);
    }

    private void Remove(object key)
    {
        if (At(key) is { } at && _arranged!.Count > 1)
            _arranged.RemoveAt(at);
    }

    private async Task SaveAsync()
    {
        var now = _dashboard!;
        _isSaving = true;
        var content = now.Content with { Layout = "DASHBOARD", Sections = _arranged! };
        var title = _title == Say[now.Title] ? now.Title : _title;
        var answer = now.IsDashboard
            ? await AskAsync(ReportOperations.Update, new { input = new { id = now.Id, expectedVersion = now.Version, title, content } })
            : await AskAsync(ReportOperations.Create, new { input = new { key = ReportOperations.NewKey("dashboard"), title, content } });
        _isSaving = false;
        _refused = answer?.Error ?? Say.Refusal(answer?.Data?.Saved.Errors);
        if (answer?.Data?.Saved.ReportDefinition is not { } saved)
            return;
        if (!now.IsDashboard)
        {
            Address.NavigateTo(Routes.Of(Routes.Dashboards, saved.Id), forceLoad: true);
            return;
        }

        _dashboard = now with { Title = title, Version = saved.Version, Content = content, IsTemplate = false };
        (_arranged, _figures, _newest) = (null, null, saved.Version);
        await ShowAsync(_marks);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _following?.Dispose();
    }
}
