internal import Backup
internal import Deploying
internal import Files
internal import HostSystem
internal import Journal
internal import Model
internal import Reconciling

/// Whether the next deployment would be refused for the data that it finds: it looks as step 1 does.
struct DataForecast {
    /// How many runs of each target are asked what they hold.
    private static let runs = 100

    let host: HostComposition

    /// Why `candidate` would not be deployed after `deployed`; `nil` where its data is not in the way.
    func refusal(of candidate: Candidate, after deployed: DeployedState?) async throws -> (any Actionable)? {
        guard let journal = try openJournal() else { return nil }
        let outlook = DataOutlook(
            of: candidate.desired.plan, after: deployed?.desired.plan, data: host.data(journal),
            renames: StackData(host: host.host))
        do {
            let filling = try await outlook.filling(replacing: candidate.replacing, moves: candidate.moves)
            return filling.refusal(withoutBackupOf: try await unsaved(filling.owed, candidate))
        } catch let error as DeploymentError {
            return error
        } catch let error as HostError where !error.isInterruption {
            return error
        }
    }

    /// `nil` where nothing ever ran.
    private func openJournal() throws(JournalError) -> Journal? {
        do {
            return try Journal.openReadOnly(at: host.configuration.journalFile)
        } catch {
            guard error.kind == .missing else { throw error }
            return nil
        }
    }

    /// Those of `names` that no run holds; none where that is not known, as when a target cannot be read.
    private func unsaved(_ names: Set<String>, _ candidate: Candidate) async throws -> Set<String> {
        guard !names.isEmpty else { return [] }
        let plan = candidate.desired.plan
        let known = try await host.backups.runs(of: plan, secrets: candidate.secrets, limit: Self.runs)
        guard known.unread.isEmpty, known.found.count < Self.runs else { return [] }
        var saved: Set<String> = []
        for run in known.found {
            guard case .listed(let manifest, _) = run.state else { continue }
            saved.formUnion(manifest.dataNames)
        }
        return names.filter { name in
            saved.isDisjoint(with: [name] + (plan.formerPlaces[name] ?? []).map(\.name))
        }
    }
}
