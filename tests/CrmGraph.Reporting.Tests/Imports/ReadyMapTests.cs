using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

/// <summary>
/// Ready maps against the column names of real exports (facts from public documents and public import scripts: names only) with made-up rows.
/// </summary>
public sealed class ReadyMapTests
{
    private const string ZohoLeads =
        "Record Id,Lead Owner.id,Lead Owner,Is Converted,Company,First Name,Last Name,Email,Phone,Mobile,Lead Source,Lead Status,Created By.id,Created "
        + "By,Modified By.id,Modified By,Created Time,Modified Time,Lead Name,Street,City,State,Zip Code,Email Opt Out,Salutation,Last Activity Time,Next "
        + "Step,Tag,Days Visited,Locked,Converted Account.id,Connected To.module,Connected To.id";
    private const string ZohoContacts =
        "Record Id,Contact Owner.id,Contact Owner,Lead Source,First Name,Last Name,Email,Title,Phone,Fax,Mobile,Date of Birth,Created Time,Modified "
        + "Time,Contact Name,Mailing Street,Mailing City,Mailing State,Mailing Zip,Tag";
    private const string ZohoAccounts =
        "Account Owner.id,Account Owner,Account Name,Phone,Parent Account.id,Website,Account Type,Created By.id,Created By,Modified By.id,Modified By,Created "
        + "Time,Modified Time,Billing Street,Billing City,Billing State,Billing Code,Billing Country,Locked";
    private const string ZohoDeals =
        "Record Id,Deal Owner.id,Deal Owner,Amount,Deal Name,Closing Date,Account Name.id,Account Name,Contact Name.id,Contact Name,Stage,Probability "
        + "(%),Type,Next Step,Lead Source,Currency,Description,Reason For Loss,Created Time,Modified Time,Last Activity Time";
    private const string BiginDeals =
        "Deal Id,Deal Owner.id,Deal Owner,Deal Name,Company Name.id,Company Name,Contact Name.id,Contact Name,Sub-Pipeline,Amount,Stage,Closing "
        + "Date,Description,Created By.id,Created By,Modified By.id,Modified By,Created Time,Modified Time,Last Activity Time,Pipeline.id,Pipeline";
    private const string ZohoNotes =
        "Record Id,Associated_Id,Created By.id,Created By,Created Time,Modified By.id,Modified By,Modified Time,Note Content,Note Owner.id,Note Owner,Note "
        + "Title,Parent ID.id,Parent ID";

    public static TheoryData<string, string, string, string> Rows => new()
    {
        {
            "zoho-leads",
            ZohoLeads,
            "zcrm_1,zcrm_9,Zoe,false,Acme,Ada,Lovelace,ada@example.com,1,2,Web,New,,,,,2024-01-02 03:04:05,,Ada Lovelace,,London,,,,,,,vip,3,,,,",
            "Customer zoho:zcrm_1 Ada Lovelace" },
        {
            "zoho-contacts",
            ZohoContacts,
            "zcrm_2,zcrm_9,Zoe,Web,Ada,Lovelace,ada@example.com,Countess,1,,2,12/10/1815,2024-01-02 03:04:05,,Ada Lovelace,,London,,,",
            "Customer zoho:zcrm_2 Ada Lovelace" },
        { "zoho-accounts", ZohoAccounts, "zcrm_9,Zoe,Acme,1,,acme.example,Customer,,,,,2024-01-02 03:04:05,,,London,,,UK,", "Customer zoho-account:Acme Acme" },
        {
            "zoho-deals",
            ZohoDeals,
            "zcrm_3,zcrm_9,Zoe,\"1,200.50\",Big deal,01/31/2024,zcrm_4,Acme,,,Closed Won,100,,,Web,EUR,,,2024-01-02 03:04:05,,",
            "Opportunity zoho:zcrm_3 Big deal Won 1200.50" },
        {
            "zoho-bigin-deals",
            BiginDeals,
            "b3,9,Zoe,Small deal,4,Acme,,,,200,Qualification,2024-02-01,,,,,,2024-01-02 03:04:05,,,,",
            "Opportunity bigin:b3 Small deal Open 200" },
        { "zoho-notes", ZohoNotes, "zcrm_5,,,,2024-01-02 03:04:05,,,,She called,zcrm_9,Zoe,,zcrm_2,Ada", "Interaction zoho:zcrm_5" },
        {
            "hubspot-contacts",
            "Record ID,First Name,Last Name,Email,Contact owner,Lifecycle Stage,Country/Region,Create Date,Last Activity Date",
            "1,Ada,Lovelace,ada@example.com,Zoe,Marketing Qualified Lead,UK,2024-01-02 03:04,",
            "Customer hubspot:contact-1 Ada Lovelace" },
        {
            "hubspot-companies",
            "Record ID,Company name,Company Domain Name,Company owner,Industry,Create Date,Last Activity Date",
            "2,Acme,acme.example,Zoe,Tools,2024-01-02 03:04,",
            "Customer hubspot:company-2 Acme" },
        {
            "hubspot-deals",
            "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Create Date,Last Activity Date",
            "3,Big deal,Closed Lost,1200.50,Zoe,2024-02-01 00:00,2024-01-02 03:04,",
            "Opportunity hubspot:3 Big deal Lost 1200.50" },
        {
            "salesforce-accounts",
            "Account ID,Account Name,Type,Industry,Annual Revenue,Employees,Website,Phone,Billing Street,Billing City,Billing State/Province",
            "001,Acme,Customer,Tools,5,6,acme.example,1,,London,",
            "Customer salesforce:001 Acme" },
        {
            "salesforce-opportunities",
            "Id,IsDeleted,AccountId,RecordTypeId,Name,StageName,CloseDate,LeadSource,IsClosed,IsWon,OwnerId,CreatedDate,CreatedById,LastModifiedDate,"
                + "LastModifiedById,LastStageChangeInDays,ContactId",
            "006,false,001,,Big deal,Closed Won,2024-02-01,Web,true,true,005,2024-01-02T03:04:05.000Z,,,,3,",
            "Opportunity salesforce:006 Big deal Won" },
        {
            "fxiaoke-accounts",
            "_id,name,account_no,tel,email,country,province,city,industry_level1,account_source,deal_status,owner,create_time,account_level,is_deleted",
            "a1,纷享科技,NO1,1,x@example.com,中国,北京,北京,软件,官网,已成交,u1,1704164645000,A,false",
            "Customer fxiaoke:a1 纷享科技" },
        {
            "fxiaoke-accounts",
            "客户名称,客户编号,电话,邮件,国家,省,市,1级行业,来源,成交状态,负责人,创建时间,客户级别",
            "纷享科技,NO1,1,x@example.com,中国,北京,北京,软件,官网,未成交,张三,2024-01-02 11:04,A",
            "Customer fxiaoke:NO1 纷享科技" },
        { "fxiaoke-contacts", "_id,name,job_title,mobile,email,account_id", "c1,张三,经理,2,z@example.com,a1", "Customer fxiaoke:c1 张三" },
        { "fxiaoke-opportunities", "商机 ID,商机名称,销售阶段,商机状态,商机金额,AE 录入赢率,预计结单日期", "o1,大单,谈判,赢单,120000,80,2024-02-01", "Opportunity fxiaoke:o1 大单 Won 120000" },
        {
            "fxiaoke-orders",
            "name,account_id,order_time,order_amount,order_status,owner,create_time",
            "S1,a1,1704164645000,99.50,7,u1,1704164645000",
            "Order fxiaoke:S1 S1 99.50" },
        {
            "fxiaoke-returns",
            "name,account_id,account_name,order_id,returned_goods_inv_amount,returned_goods_time,owner",
            "R1,a1,纷享科技,S1,9.50,1704164645000,u1",
            "Order fxiaoke:return-R1 R1 -9.50" },
        { "fxiaoke-activities", "interactive_scenario,interactive_types,active_record_content,create_time", "售前,电话,聊了聊,1704164645000", "Interaction" },
        { "fxiaoke-contracts", "合同 ID,合同名称,合同金额,合同开始时间,合同到期时间,合同状态", "k1,年约,12000,2024-01-01,2024-12-31,生效", "Contract fxiaoke:k1" },
        { "cdnow", " customer_id  date number_of_cds  dollar_value", " 00001 19970101  1   11.77\r\n", "Order" },
        {
            "telco-churn",
            "customerID,gender,SeniorCitizen,tenure,Contract,MonthlyCharges,TotalCharges,Churn",
            "7590-VHVEG,Female,0,1,Month-to-month,29.85, ,Yes",
            "Contract telco:7590-VHVEG" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_ready_map_reads_the_columns_of_its_export(string map, string header, string row, string expected)
    {
        var report = await new Importer(null, TimeProvider.System).RunAsync(
            ReadyMaps.Load(map), [ImportRun.File($"{header}\n{row}\n")], new ImportOptions { Samples = 20, RejectedInReport = 5 });
        Assert.True(report is { Error: null, RowsUsed: 1, RowsRead: 1 }, report.Error?.Message + string.Join('\n', report.Rejected));
        Assert.Contains(report.Samples(), sample => Shown(sample) == expected);
    }

    [Fact]
    public void Every_ready_map_is_valid_and_tested()
    {
        Assert.All(ReadyMaps.Names, name => ReadyMaps.Load(name));
        var tested = Rows.Select(row => (string)row[0]).Concat(["online-retail", "cdnow-sample"]).ToHashSet();
        Assert.Equal(ReadyMaps.Names.Order(), tested.Order());
    }

    [Fact]
    public async Task Lines_of_the_cdnow_sample_begin_with_a_blank_and_have_no_header()
    {
        var report = await new Importer(null, TimeProvider.System).RunAsync(
            ReadyMaps.Load("cdnow-sample"), [ImportRun.File(" 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118  2   29.73\r\n")], new ImportOptions
            {
                Samples = 20
            });
        Assert.Equal((2, 2), (report.RowsRead, report.RowsUsed));
        Assert.Equal("0001", ((Dictionary<string, string?>)report.Only("Customer")["attributes"]!)["sampleId"]);
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Deals_find_the_accounts_that_were_imported_before(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        var rows = Rows.ToDictionary(row => (string)row[0] + ((string)row[1]).Length, row => $"{row[1]}\n{row[2]}\n");
        await ImportRun.WriteAsync(crm, ReadyMaps.Load("zoho-accounts"), ImportRun.File(rows["zoho-accounts" + ZohoAccounts.Length]));
        var report = await ImportRun.WriteAsync(crm, ReadyMaps.Load("zoho-deals"), ImportRun.File(rows["zoho-deals" + ZohoDeals.Length]));
        Assert.True(report is { Error: null, RowsUsed: 1 }, string.Join('\n', report.Rejected));
        var found = await crm.Database.QueryAsync("select c.name, c.city from opportunities o join customers c on c.id = o.customer_id");
        Assert.Equal(["Acme", "London"], found.Single());
    }

    private static string Shown(Dictionary<string, object?> sample)
    {
        string?[] words = [(string?)sample["record"], (string?)sample.GetValueOrDefault("key"), (string?)(sample.GetValueOrDefault(
            "name") ?? sample.GetValueOrDefault("number")), sample.GetValueOrDefault("status")?.ToString(),
                sample.GetValueOrDefault("amount") is { } amount ? Convert.ToString(amount, System.Globalization.CultureInfo.InvariantCulture) : null];
        return string.Join(' ', words.Where(word => word is not null));
    }
}
