internal import Journal
internal import Model

/// Whether the record of this host is as fairlead wrote it.
enum JournalCheck {
    static func checks(of path: String) async -> [HostCheck] {
        do {
            let report = try await Journal.openReadOnly(at: path).examine()
            guard let fault = report.faults.first else {
                return [.ok("journal", "\(report.entries.counted("entry", "entries")), as fairlead wrote them")]
            }
            let more = report.faults.count > 1 ? ", and \(report.faults.count - 1) more" : ""
            return [
                .fail("journal", fault + more, "'fairlead audit verify' tells all of it; find out who was root here")
            ]
        } catch  where error.kind == .missing {
            return []
        } catch {
            return [.fail("journal", error)]
        }
    }
}
