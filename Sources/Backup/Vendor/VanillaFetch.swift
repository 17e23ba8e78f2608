internal import Files
internal import HostSystem
internal import Model

/// Brings what no run of the customer holds from the vendor's vanilla backup of the plan's version, which is first copied
/// to the customer's storage.
struct VanillaFetch: Sendable {
    let restore: DataRestore
    let plan: ResolvedPlan
    /// Of the customer, those that can be used.
    let targets: [String: BackupTarget]
    let vendor: VendorPlan
    let secrets: Secrets
    let note: @Sendable (String) -> Void

    /// Returns those of `names` that it does not hold.
    func fill(_ names: Set<String>) async throws(HostError) -> Set<String> {
        let release = try VendorRelease(
            plan.version, signers: vendor.signers, commandPath: restore.host.configuration.commandPath)
        let stores = try await stores()
        let place = "\(plan.stack)/\(release.path("vanilla"))"
        var copies = try await copies(of: release, in: stores, at: place)
        if copies.isEmpty {
            guard let own = try await vendorsOwn(release), !names.isDisjoint(with: own.manifest.dataNames) else {
                note("the vendor has no vanilla backup of \(shown(names)) for version \(plan.version)")
                return names
            }
            try await copy(own, to: stores, at: place)
            copies = try await self.copies(of: release, in: stores, at: place)
        }
        var missing = names
        for name in names.sorted() {
            if try await fill(name, from: copies) { missing.remove(name) }
        }
        return missing
    }

    private func shown(_ names: Set<String>) -> String {
        names.sorted().quoted
    }

    private func stores() async throws(HostError) -> [BackupStore] {
        var stores: [BackupStore] = []
        for (name, target) in targets.sorted(by: { $0.key < $1.key }) {
            stores.append(
                try await BackupStore(
                    name: name, target: target, secrets: secrets, configuration: restore.host.configuration))
        }
        return stores
    }

    /// Whole ones in the customer's storage.
    private func copies(
        of release: VendorRelease, in stores: [BackupStore], at path: String
    ) async throws(HostError) -> [VendorRelease.Vanilla] {
        var copies: [VendorRelease.Vanilla] = []
        for store in stores {
            do throws(HostError) {
                switch try await release.vanilla(in: store, at: path) {
                case .valid(let vanilla) where vanilla.isWhole: copies.append(vanilla)
                case .valid, .missing: continue
                case .invalid(let reason):
                    note("the vanilla backup of version \(release.version) on '\(store.name)' is not used: \(reason)")
                }
            } catch {
                try leave(store, error)
            }
        }
        return copies
    }

    /// Throws where it cannot be known whether there is one: to start with nothing instead would be for good.
    private func vendorsOwn(_ release: VendorRelease) async throws(HostError) -> VendorRelease.Vanilla? {
        let finding: VendorRelease.Finding
        do throws(HostError) {
            let store = try await BackupStore(
                name: "vendor", target: vendor.target, secrets: secrets, configuration: restore.host.configuration)
            finding = try await vanilla(of: release, in: store)
        } catch {
            guard !error.isInterruption, !Task.isCancelled else { throw error }
            throw HostError(
                "the vendor's storage cannot be asked for a vanilla backup: \(error.message)",
                hint: error.hint.isEmpty ? "check the storage and the network; it is tried again" : error.hint,
                disposition: .transient)
        }
        switch finding {
        case .missing: return nil
        case .valid(let vanilla) where vanilla.isWhole: return vanilla
        case .valid: throw refused("parts of it are missing", release)
        case .invalid(let reason): throw refused(reason, release)
        }
    }

    /// That there is none is believed only of a storage that has releases.
    private func vanilla(
        of release: VendorRelease, in store: BackupStore
    ) async throws(HostError) -> VendorRelease.Finding {
        let path = release.path("vanilla")
        let finding = try await release.vanilla(in: store, at: path)
        guard case .missing = finding else { return finding }
        try await store.requireReleases()
        // It may have been mounted between the two.
        return try await release.vanilla(in: store, at: path)
    }

    private func refused(_ reason: String, _ release: VendorRelease) -> HostError {
        HostError(
            "the vendor's vanilla backup of version \(release.version) cannot be used: \(reason)",
            hint: "ask the vendor, correct 'backup.vendor', or begin with empty data: \"restore\": \"never\"")
    }

    /// One target that takes it is enough.
    private func copy(
        _ vanilla: VendorRelease.Vanilla, to stores: [BackupStore], at path: String
    ) async throws(HostError) {
        var failure: HostError?
        var isCopied = false
        for store in stores {
            do throws(HostError) {
                note("the vendor's vanilla backup of version \(plan.version) is copied to '\(store.name)'")
                try await store.copy(from: vanilla.store, vanilla.path, as: path)
                isCopied = true
            } catch {
                failure = failure ?? error
                try leave(store, error)
            }
        }
        guard !isCopied else { return }
        throw failure
            ?? HostError(
                "no backup target takes the vendor's vanilla backup", hint: "see 'fairlead doctor'",
                disposition: .transient)
    }

    private func fill(_ name: String, from copies: [VendorRelease.Vanilla]) async throws(HostError) -> Bool {
        var failure: HostError?
        for vanilla in copies {
            guard let archive = vanilla.manifest.archive(of: name) else { continue }
            let shown = "the vanilla backup of version \(plan.version) on '\(vanilla.store.name)'"
            let fetch = VolumeFetch(
                restore: restore, plan: plan, stored: vanilla.parts(shown: shown),
                staged: StagedData(of: name, in: restore.stackDirectory(of: plan.stack)), archive: archive)
            switch try await fetch.run() {
            case .done: return true
            case .unreachable(let error): failure = error
            case .damaged(let reason):
                note("data directory '\(name)' of \(shown) is not used: \(reason)")
                failure = HostError(
                    "\(shown) cannot be used for data directory '\(name)': \(reason)",
                    hint: "mend the storage, so that it can be copied from the vendor again, or begin with empty data: "
                        + "\"restore\": \"never\"")
            }
        }
        if let failure { throw failure }
        return false
    }

    private func leave(_ store: BackupStore, _ error: HostError) throws(HostError) {
        guard !error.isInterruption, !Task.isCancelled else { throw error }
        note("backup target '\(store.name)' is not used: \(error.message)")
    }
}
