internal import ArgumentParser
internal import Files
internal import GitSource
internal import Model

/// What `fairlead setup` does, step by step. After a crash in between, the next run does again what was not finished.
struct SetupRun: Sendable {
    let request: SetupRequest
    let places: SetupPlaces
    let context: CommandContext
    let transcript: SetupTranscript
    var service = ServiceStart()
    /// Over the configuration while it is tried, such as a test's own directories: `--set` of the commands.
    var settings: [String] = []
    /// Changes a trial before it begins.
    var prepare: @Sendable (inout SetupTrial) -> Void = { _ in }

    init(_ request: SetupRequest, places: SetupPlaces = SetupPlaces(), context: CommandContext) {
        self.request = request
        self.places = places
        self.context = context.withoutOwnVariables
        transcript = SetupTranscript(console: context.console, isDryRun: request.isDryRun)
    }

    /// Returns when Fairlead was started; one setup at a time. Throws `SetupPause` where others have to do something first.
    func run() async throws -> Timestamp {
        guard !request.isDryRun else { return try await steps() }
        let lock = try await HostLock.acquire(at: places.lock, command: "fairlead setup", now: context.clock.now())
        do {
            let began = try await steps()
            _ = consume lock
            return began
        } catch {
            // Explicit, so that the lock is held until the very end of the work.
            _ = consume lock
            throw error
        }
    }

    private func steps() async throws -> Timestamp {
        let material = try SetupMaterial(request)
        let change = try await keeper.change(for: request, material)
        try await makeKeys()
        try await keep(material)
        try await pinHostKey(material)
        try await tryConfiguration(change, material)
        try await holdBack()
        return try await start()
    }

    private var keeper: ConfigurationKeeper { ConfigurationKeeper(places: places, transcript: transcript) }
}

extension SetupRun {
    /// A configuration that stays has its own.
    private func makeKeys() async throws {
        guard let repository = request.repository else { return }
        if !request.isDryRun { try PathName.createDirectories(places.directory) }
        let maker = KeyMaker(places: places, host: repository.host)
        if repository.way == .ssh, !maker.hasSSHKey {
            try await transcript.step("make a deploy key: \(places.sshKey)") { try await maker.makeSSHKey() }
        }
        if !maker.hasAgeIdentity {
            try await transcript.step("make a key for secrets: \(places.ageIdentity)") {
                try await maker.makeAgeIdentity()
            }
        }
    }

    private func keep(_ material: SetupMaterial) async throws {
        guard request.repository != nil else { return }
        for (what, bytes, path) in [
            ("who may sign commits", material.signers?.bytes, places.allowedSigners),
            ("the token", material.token, places.token),
            ("the proxy's password", material.proxyPassword, places.proxyPassword),
            ("the certificates", material.certificates, places.certificates),
        ] {
            guard let bytes else { continue }
            try await transcript.step("keep \(what) in \(path)") { try AtomicFile.write(bytes, to: path) }
        }
    }

    private func pinHostKey(_ material: SetupMaterial) async throws {
        guard let url = request.repository?.url, let server = HostKeyServer(of: url, confiner: context.executable)
        else { return }
        let pinning = HostKeyPinning(
            server: server, named: material.hostKey, replaces: request.replaces, file: places.knownHosts,
            transcript: transcript)
        guard let unconfirmed = try await pinning.pin() else { return }
        await admission.tell(transcript)
        throw SetupPause(further: ["--host-key", unconfirmed.fingerprint])
    }

    private var admission: HostAdmission {
        let url = request.repository?.url
        return HostAdmission(
            places: places, host: host, usesDeployKey: [nil, .ssh].contains(request.repository?.way),
            server: url.flatMap { RepositoryLocation.hostName(of: $0) })
    }

    /// In the customer repo.
    private var host: String {
        if let host = request.repository?.host { return host }
        let source = ConfigurationSource(file: places.configuration, settings: settings)
        return (try? VSNConfiguration(from: source))?.host ?? SystemName.short ?? "NAME"
    }
}

extension SetupRun {
    /// Nothing is put in place that was not tried.
    private func tryConfiguration(_ change: ConfigurationChange, _ material: SetupMaterial) async throws {
        guard !request.isDryRun else { return foretell(change) }
        guard case .write(let wanted) = change else {
            return try await examine(places.configuration, waitsForPin: false) { _ in }
        }
        // Whatever it ends with: the next run writes it again.
        defer { try? AtomicFile.remove(places.trial) }
        try AtomicFile.write(Array(wanted.text.utf8), to: places.trial)
        let waitsForPin = request.pins && admission.machineKey != nil
        var final = wanted
        try await examine(places.trial, waitsForPin: waitsForPin) { trial in
            final = try await anchored(wanted, material, trial)
            try AtomicFile.write(Array(final.text.utf8), to: places.trial)
        }
        let text = final
        try await transcript.step("write \(places.configuration)") {
            try await keeper.write(text, at: context.clock.now())
        }
    }

    /// `settle` completes the configuration once the repo can be read.
    private func examine(
        _ file: String, waitsForPin: Bool, settle: (SetupTrial) async throws -> Void
    ) async throws {
        var trial = SetupTrial(
            arguments: ["--config", file] + settings.flatMap { ["--set", $0] }, waitsForPin: waitsForPin,
            patience: request.patience, admission: admission, context: context, transcript: transcript)
        prepare(&trial)
        let prepared = trial
        await service.startEngine()
        if request.adopts {
            try await transcript.step("adopt state and data of another machine") { try await prepared.adopt() }
        }
        try await prepared.awaitFitness()
        try await settle(prepared)
        try await prepared.tryMail()
        try await prepared.showPlan()
    }

    private func anchored(
        _ wanted: WantedConfiguration, _ material: SetupMaterial, _ trial: SetupTrial
    ) async throws -> WantedConfiguration {
        guard let repository = request.repository, material.signers != nil else { return wanted }
        let pin = AnchorPin(
            known: WantedConfiguration.anchor(in: Array(wanted.text.utf8)), isNamed: repository.anchor != nil,
            transcript: transcript)
        let anchor = try await pin.anchor { try await trial.tip() }
        return WantedConfiguration(repository, material, anchor: anchor, places: places)
    }

    private func foretell(_ change: ConfigurationChange) {
        transcript.say("would test fetch, plan, host entry, secrets, registry login and mail")
        guard case .write(let wanted) = change else { return }
        transcript.say("would write \(places.configuration):")
        transcript.note(wanted.text.split(whereSeparator: \.isNewline).map(String.init))
    }

    /// Before the daemon starts: it would deploy at once.
    private func holdBack() async throws {
        guard request.holds else { return }
        try await transcript.step("hold the deployment back") {
            let arguments = ["--reason", "set up with --hold", "--config", places.configuration]
            let status = try await Suspend.parse(arguments + settings.flatMap { ["--set", $0] }).run(in: context)
            guard status == .success else { throw SetupError("the host is not suspended", hint: "see above") }
        }
    }

    private func start() async throws -> Timestamp {
        let began = context.clock.now()
        try await transcript.step("start Fairlead, now and at each boot") { try await service.start(transcript) }
        return began
    }
}

extension CommandContext {
    /// The daemon gets none of them either; one of them may hold a token.
    fileprivate var withoutOwnVariables: Self {
        var context = self
        context.environment = environment.filter { !$0.key.hasPrefix(ConfigurationKey.variablePrefix) }
        return context
    }
}
