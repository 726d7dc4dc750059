"""Opening shop files for the window: to work with, to look at, as a backup, or a sentence that says why not."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject

from shopdesk.core import identity
from shopdesk.core.errors import Damaged, FileRefused, NotWritable, ShopError
from shopdesk.core.identity import Additions, NotOurs
from shopdesk.core.keys import Key, NeedsPassword
from shopdesk.core.lock import HeldByOtherMachine
from shopdesk.core.shop import OlderFile, Shop
from shopdesk.core.sqlite import DatabaseError
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import N_, sentences, tr
from shopdesk.ui import late
from shopdesk.ui.background import beside
from shopdesk.ui.rescuing import Leave, Rescuing
from shopdesk.ui.watch import Watch, is_damage
from shopdesk.ui.window import Window

_FIRST_MOMENTS_S = 60
_SMALL_BYTES = 3_000_000


class Use(Protocol):
    """What the program does with an open shop: show it, under a banner that says what stays true of it."""

    def __call__(
        self,
        shop: Shop,
        banner: str = "",
        link: str = "",
        on_link: Callable[[], None] | None = None,
        drop: Callable[[], None] | None = None,
    ) -> None:
        """Show it, when the owner leaves the one that is open; else `drop` it, which closes it."""


class Opening(QObject):
    """Gives the program the shops that the owner asks for."""

    def __init__(self, window: Window, use: Use, leave: Leave, close: Callable[[], None]) -> None:
        super().__init__()
        self._window = window
        self._use = use
        self._leave = leave
        self._close = close
        self.rescuing = Rescuing(window, self.open, self._look_at_damaged, leave)
        self._watch = Watch(self._on_damage)
        self._since = 0.0
        self._looked_at: Shop | None = None

    def open(self, path: Path, key: Key | None = None) -> None:
        """Open a shop file; one under a password asks for it.

        One that another machine holds is shown as its newest backup.
        """
        self._open(path, key, familiar=self._is_familiar(path))

    def _open(self, path: Path, key: Key | None, *, familiar: bool) -> None:
        if self._is_open(path):
            return
        try:
            self._opened(Shop.open(path, key=key, familiar=familiar, upgrade=False), familiar=familiar)
        except OlderFile:
            self._upgrade(path, key, familiar=familiar)
        except ShopError as error:
            self._not_opened(path, key, error)

    def _opened(self, shop: Shop, *, familiar: bool) -> None:
        self._window.show_progress("")
        if familiar:
            self._use(shop)
        else:
            self._look_through(shop, partial(self._use, shop))

    def _upgrade(self, path: Path, key: Key | None, *, familiar: bool) -> None:
        """An older file is backed up and brought to this version, which takes seconds."""
        said = tr("Making a backup of “{name}”, then it is brought to this version…", name=path.name)
        if self._window.desk is None:
            self._window.show_welcome()
            self._window.show_progress(said)
        else:
            self._window.desk.messages.info(said)
        opened = partial(self._opened, familiar=familiar)
        beside(partial(_upgraded, path, key, familiar=familiar), opened, partial(self._not_upgraded, path, key))

    def _not_upgraded(self, path: Path, key: Key | None, error: Exception) -> None:
        self._window.show_progress("")
        if isinstance(error, ShopError):
            self._not_opened(path, key, error)
        else:
            raise error

    def _not_opened(self, path: Path, key: Key | None, error: ShopError) -> None:
        """Go the way that is left."""
        try:
            raise error
        except NeedsPassword:
            self._ask(path, partial(self.open, path))
        except HeldByOtherMachine as held:
            self._open_backup(path, held, key)
        except NotWritable as trouble:
            self._open_to_look(path, trouble, key)
        except Damaged:
            self.rescuing.offer(path.resolve(), key)
        except Additions as error:
            self._offer_all_the_same(path, key, error)
        except NotOurs as error:
            self._not_ours(path, error)
        except ShopError as error:
            self.refused(error)

    def used(self, shop: Shop) -> None:
        """A shop is shown: damage that only shows with time is looked for."""
        desk = self._window.desk
        assert desk is not None
        self._looked_at = None
        self._since = time.monotonic()
        desk.messages.damaged.connect(self._watch.look)
        if not shop.is_damaged:
            self._watch.use(shop)

    def put_away(self) -> None:
        """The shop is closed."""
        self._watch.put_away()

    def taken(self, error: BaseException) -> bool:
        """Whether an error that nothing else caught says that the open shop is damaged; what helps is then offered."""
        desk = self._window.desk
        if desk is None or not (is_damage(error) or isinstance(error, Damaged)):
            return False
        if not desk.shop.is_damaged:
            self._on_damage(desk.shop)
        return True

    def _on_damage(self, shop: Shop) -> None:
        """What shows within the first moments is damage that the file was opened with."""
        working = time.monotonic() - self._since > _FIRST_MOMENTS_S
        self.rescuing.offer(shop.path, shop.key, working=working)

    def create(self, path: Path) -> None:
        """Make a new shop file and open it; it goes again when the owner would rather stay in the shop that is open."""
        if path.suffix != ".shop":
            path = path.with_name(path.name + ".shop")
        if path.exists():
            self.open(path)
            return
        beside(partial(_created, path), self._made, self.refused)

    def _made(self, shop: Shop) -> None:
        self._use(shop, drop=partial(_unmake, shop))

    def refused(self, error: Exception) -> None:
        """Say why something was not opened or made, where the owner looks."""
        if not isinstance(error, ShopError):
            raise error
        if self._window.desk is not None:
            self._window.desk.messages.error(error)
        else:
            self._window.show_welcome(str(error))

    def _is_open(self, path: Path) -> bool:
        return self._window.desk is not None and self._window.desk.shop.path == path.resolve()

    def _is_familiar(self, path: Path) -> bool:
        """Whether this machine has had the file open before, or made it; any other is taken for hostile."""
        prefs = self._window.prefs
        return path.resolve() in [prefs.demo_path().resolve(), *(row[0] for row in prefs.recent())]

    def _look_through(self, shop: Shop, use: Callable[[], None]) -> None:
        """Nothing of a file from elsewhere is shown before all of it was looked at; a small one takes a moment."""
        self._looked_at = shop
        look = partial(strange, shop)
        if shop.path.stat().st_size < _SMALL_BYTES:
            try:
                wrong = look()
            except DatabaseError as error:
                self._not_looked_through(shop, error)
            else:
                self._looked_through(shop, use, wrong)
            return
        if self._window.desk is None:
            self._window.show_welcome()
        self._window.show_progress(tr("Looking through “{name}”, which was not open here before…", name=shop.path.name))
        beside(look, partial(self._looked_through, shop, use), partial(self._not_looked_through, shop))

    def _not_looked_through(self, shop: Shop, error: Exception) -> None:
        self._window.show_progress("")
        shop.close()
        try:
            with disk_trouble(shop.path):
                raise error
        except ShopError as trouble:
            self.refused(trouble)

    def _looked_through(self, shop: Shop, use: Callable[[], None], wrong: ShopError | None) -> None:
        if self._looked_at is None or self._looked_at is shop:
            self._window.show_progress("")
        if self._looked_at is not shop:  # the owner has opened another one meanwhile
            shop.close()
            return
        if wrong is None:
            use()
            return
        path, key = shop.path, shop.key
        shop.close()
        if isinstance(wrong, Damaged):
            self.rescuing.offer(path, key)
        else:
            self.refused(wrong)

    def _offer_all_the_same(self, path: Path, key: Key | None, error: Additions) -> None:
        """Own tables and indices do no harm; what acts by itself stays out."""
        if not error.harmless:
            self.refused(error)
            return
        link, act = tr("Open all the same"), partial(self._open, path, key, familiar=True)
        if self._window.desk is not None:
            self._window.desk.messages.warning(str(error), link=(link, act))
            return
        self._window.show_welcome()
        if self._window.welcome is not None:
            self._window.welcome.say(str(error), link, act)

    def _not_ours(self, path: Path, error: NotOurs) -> None:
        """What was a shop here before, or has backups, is one of which not even the beginning can be read."""
        known = [row[0] for row in self._window.prefs.recent()]
        if path.resolve() in known or self._has_backups(path.resolve()):
            self.rescuing.offer(path.resolve())
        else:
            self.refused(error)

    def _has_backups(self, path: Path) -> bool:
        from shopdesk.core.manifest import newest  # loaded when it is wanted

        return newest(path) is not None

    def _look_at_damaged(self, path: Path, key: Key | None) -> None:
        try:
            shop = Shop.open(path, key=key, write=False, familiar=self._is_familiar(path))
        except ShopError as error:
            self.refused(error)
            return
        shop.stop_writing()
        self._use(shop, *self.rescuing.stopped(path, key))

    def _ask(self, path: Path, opened: Callable[[Key], None]) -> None:
        """Ask for the password of a file and go on with its key."""
        self._leave(partial(self._show_lock, path, opened))

    def _show_lock(self, path: Path, opened: Callable[[Key], None]) -> None:
        self._close()
        late.ask_password(self._window, path, opened, self.refused)

    def _open_backup(self, path: Path, held: HeldByOtherMachine, key: Key | None = None) -> None:
        def failed(error: Exception) -> None:
            self._window.show_progress("")
            if isinstance(error, NeedsPassword):
                self._ask(path, partial(self._open_backup, path, held))
            else:
                self.refused(error)

        if self._window.desk is None:
            self._window.show_welcome()
        self._window.show_progress(tr("Looking through the backup…"))
        beside(partial(_newest_sound, path, key), partial(self._show_backup, path, held, key), failed)

    def _show_backup(
        self, path: Path, held: HeldByOtherMachine, key: Key | None, found: tuple[Shop, str] | None
    ) -> None:
        self._window.show_progress("")
        if found is None:
            self.refused(held)
            return
        shop, when = found
        said = tr(
            "{held} This is its backup of {when}, for reading only.",
            held=tr(held.message, **held.values),
            when=when,
        )
        self._use(shop, said, tr("It is not open there any more"), partial(self._take_over, path, key))

    def _open_to_look(self, path: Path, trouble: NotWritable, key: Key | None = None) -> None:
        """Where nothing can be written the shop can still be looked at, searched, printed and exported."""
        familiar = self._is_familiar(path)
        try:
            shop = Shop.open(path, key=key, write=False, familiar=familiar)
        except NeedsPassword:
            self._ask(path, partial(self._open_to_look, path, trouble))
            return
        except Additions as error:
            self.refused(error)
            return
        except ShopError:
            self.refused(trouble)
            return
        if identity.lacks_migrations(shop.reader()):
            shop.close()
            self.refused(trouble)
            return
        said = tr("“{name}” cannot be written here, so it is open for reading only.", name=path.name)
        fix = tr("To work with it, copy it into a folder of your own and open the copy.")
        use = partial(self._use, shop, sentences(said, fix))
        if familiar:
            use()
        else:
            self._look_through(shop, use)

    def _take_over(self, path: Path, key: Key | None) -> None:
        familiar = self._is_familiar(path)
        try:
            self._opened(Shop.open(path, key=key, take_over=True, familiar=familiar), familiar=familiar)
        except ShopError as error:
            self.refused(error)


def _created(path: Path) -> Shop:
    from shopdesk.core.places import place  # loaded when it is wanted

    shared = place(path)
    if shared is not None:
        raise shared.refusal(path)
    return Shop.create(path, name=path.stem)


def _unmake(shop: Shop) -> None:
    """Nobody wants the file that was just made."""
    shop.close()
    shop.path.unlink(missing_ok=True)


def _upgraded(path: Path, key: Key | None, *, familiar: bool) -> Shop:
    shop = Shop.open(path, key=key, familiar=familiar)
    shop.forget_reader()
    return shop


def _newest_sound(path: Path, key: Key | None) -> tuple[Shop, str] | None:
    from shopdesk.ui.backup_files import newest_sound  # loaded when it is wanted

    return newest_sound(path, key)


def strange(shop: Shop) -> ShopError | None:
    """What is wrong with a file from elsewhere: damage, or values that ShopDesk never writes."""
    from shopdesk.core.check import file_faults, shape_faults  # loaded when it is wanted

    try:
        con = shop.reader()
        for fault in file_faults(con):
            return Damaged(N_("“{name}” is damaged: {reason}"), name=shop.path.name, reason=fault)
        for fault in shape_faults(con):
            return FileRefused(
                N_("“{name}” was not opened: {reason}"),
                fix=N_("It was made or changed by another program. It was left as it is."),
                name=shop.path.name, reason=fault,
            )  # fmt: skip
    except DatabaseError as error:
        if is_damage(error):
            return Damaged(N_("“{name}” is damaged."), name=shop.path.name)
        raise
    finally:
        shop.forget_reader()
    return None
