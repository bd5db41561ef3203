"""The desk's addresses. A test names each with who may open it: a new one without a line there fails."""

from django.urls import path

from topline.web.desk import acts, keying, views

urlpatterns = [
    path("desk/", views.home, name="home"),
    path("desk/login", views.login, name="login"),
    path("desk/logout", views.logout, name="logout"),
    path("desk/static/<str:name>", views.static, name="static"),
    path("desk/s/<slug:study>/", views.monitor, name="monitor"),
    path("desk/s/<slug:study>/figures.csv", views.download, name="download"),
    path("desk/s/<slug:study>/log", views.audit, name="audit"),
    path("desk/s/<slug:study>/paper", keying.paper, name="paper"),
    path("desk/s/<slug:study>/paper/form", keying.form, name="form"),
    path("desk/s/<slug:study>/paper/decide", keying.decide, name="decide"),
    path("desk/s/<slug:study>/do/<slug:verb>", acts.act, name="act"),
]
handler404 = views.not_found
handler500 = views.broken
