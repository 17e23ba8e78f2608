import Testing

@testable import Model

@Suite("Schedules are five crontab fields")
struct CronScheduleTests {
    @Test(
        "cron understands these",
        arguments: [
            "30 3 * * *", "*/5 * * * *", "0-30/10 0,12 1-15 jan-mar Mon,fri", "0\t2  1 12 7", "59 23 31 12 0",
        ])
    func good(_ text: String) { #expect(CronSchedule.problem(with: text) == nil) }

    @Test(
        "these are refused",
        arguments: [
            "", "* * * *", "* * * * * *", "@daily", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
            "5/2 * * * *", "*/0 * * * *", "30-10 * * * *", "1,,2 * * * *", "-1 * * * *", "a * * * *", "* * * mon *",
            "1-2-3 * * * *", "*/ * * * *", "/2 * * * *", "* * * * *\n* * * * * root rm", "0 3 * * %", "１ * * * *",
        ])
    func bad(_ text: String) { #expect(CronSchedule.problem(with: text) != nil) }
}
